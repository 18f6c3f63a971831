import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dollars } from '#src/kernel/index.js';
import { bearer } from '../support/app.ts';
import { DRAFT } from '../support/drafts.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { drafting, failing, resetting, sampleDraft, standard } from '../support/scripted-upstream-scripts.ts';
import { type ServiceProcess, startService } from '../support/service-process.ts';
import { until } from '../support/until.ts';

const CALLS = 500;
const UNDER_WAY = 60;
/** Of every hundred calls. */
const ABORTED = 25;
const LEASE_MS = 2_000;
/** Of a principal: about half of what its calls would cost. */
const LIMIT = 40_000;
const KEYS = ['one', 'two', 'three'].map((name) => `ledger-key-${name}-0123456789abcdefghijklmnop`);

/** USD; about as many drafts as the tokens of a principal. */
const COST_LIMIT = '0.08';

interface Quotas {
  readonly token_quota: { readonly limit: number; readonly remaining: number; readonly reserved: number };
  readonly cost_quota: { readonly limit: string; readonly remaining: string; readonly reserved: string };
}

const nanodollars = (text: string): number => dollars(9).parse(text);

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const chance = numbers(20_260_102);
const roll = (sides: number): number => Math.floor(chance.next().value * sides);

/** A model of moods: mostly it drafts, in pieces of different size, and counts or does not count; sometimes it fails. */
const moody: Script = (request, response) => {
  const mood = roll(20);
  if (mood === 0) return failing(400, {})(request, response);
  if (mood === 1) return resetting('{"nodes":[{"id":"a"')(request, response);
  const pace = { paceMs: 1 + roll(3), charactersPerChunk: 16 + roll(48) };
  const draft = sampleDraft(4 + roll(16));
  // What it counts is what is estimated, or nothing: an estimate that errs is not the ledger's fault.
  return drafting(draft, { ...pace, usage: null })(request, response);
};

let redis: RedisServer;
let postgres: PostgresServer;
let upstream: ScriptedUpstream;
let services: readonly [ServiceProcess, ServiceProcess];

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  upstream = await ScriptedUpstream.start([standard({ structured: moody })], 0);
  const env = {
    ASSIST_API_KEYS: KEYS.map((key) => `${key}@acme:user`).join(','),
    SSE_RESUME_SECRET: 'resume-secret-of-all-instances-0123456789',
    SIGNING_KEY: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    REDIS_URL: redis.url,
    // A machine that is slow is not a store that is away: then each instance would go by its share.
    REDIS_COMMAND_TIMEOUT: '20000',
    DATABASE_URL: await postgres.database(),
    MODEL_PROVIDERS: 'openai',
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'upstream-key',
    TOKEN_LEASE_MS: String(LEASE_MS),
    TOKEN_LIMIT_PER_DAY: String(LIMIT),
    MODELS_FILE: join(import.meta.dirname, '../support/priced-models.yaml'),
    COST_LIMIT_PER_DAY: COST_LIMIT,
  };
  services = [await startService({ env }), await startService({ env })];
});

afterAll(async () => {
  await Promise.all((services ?? []).map((service) => service[Symbol.asyncDispose]()));
  await upstream?.close();
  await Promise.all([redis?.[Symbol.asyncDispose](), postgres?.[Symbol.asyncDispose]()]);
});

/** What one call came to, as its caller saw it. */
type Outcome = 'done' | 'refused' | 'cut' | 'left' | 'failed';

async function call(turn: number): Promise<Outcome> {
  const { url } = services[turn % 2] ?? services[0];
  const route = roll(2) === 0 ? '/assist/draft-graph' : '/assist/draft-graph/stream';
  const key = KEYS[turn % KEYS.length] ?? '';
  const aborts = roll(100) < ABORTED;
  const signal = aborts ? AbortSignal.timeout(20 + roll(150)) : AbortSignal.timeout(30_000);
  const headers = { ...bearer(key), 'content-type': 'application/json' };
  try {
    const response = await fetch(`${url}${route}`, { method: 'POST', headers, body: JSON.stringify(DRAFT), signal });
    const text = await response.text();
    if (response.status === 429) return 'refused';
    if (text.includes('QUOTA_EXHAUSTED')) return 'cut';
    return response.ok && !text.includes('event: error') ? 'done' : 'failed';
  } catch {
    return aborts ? 'left' : 'failed';
  }
}

/** Many calls, so many of them at a time; `halfway` is called when half of them began. */
async function rush(halfway: () => void): Promise<Readonly<Record<Outcome, number>>> {
  const outcomes = { done: 0, refused: 0, cut: 0, left: 0, failed: 0 };
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < CALLS) {
      begun += 1;
      if (begun === CALLS / 2) halfway();
      outcomes[await call(begun)] += 1;
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, worker));
  return outcomes;
}

/** Tokens, then nanodollars: what is settled, and what is reserved. */
async function standingOf(key: string): Promise<readonly (readonly [number, number])[]> {
  const response = await fetch(`${services[0].url}/v1/limits`, { headers: bearer(key) });
  const { token_quota: tokens, cost_quota: cost } = (await response.json()) as Quotas;
  const [limit, remaining, reserved] = [cost.limit, cost.remaining, cost.reserved].map(nanodollars);
  return [
    [tokens.limit - tokens.remaining - tokens.reserved, tokens.reserved],
    [Number(limit) - Number(remaining) - Number(reserved), Number(reserved)],
  ];
}

/** An account as Redis keeps it: what is settled and reserved, then its fields. */
const ACCOUNT = `
local day, settled, reserved = struct.unpack('<ddd', redis.call('HGET', KEYS[1], 's'))
return {settled, reserved, unpack(redis.call('HKEYS', KEYS[1]))}`;

/** What the accounts in Redis say by themselves. */
async function accounts() {
  const names = (await redis.command('keys', '*:ledger:*')).split('\n');
  return Promise.all(
    names.map(async (name) => {
      const [settled, reserved, ...fields] = (await redis.command('eval', ACCOUNT, '1', name)).split('\n');
      return { name: name.split(':').at(-1), settled: Number(settled), reserved: Number(reserved), fields };
    }),
  );
}

describe('five hundred calls on two instances, one of which is killed in the middle', () => {
  it('leave nothing reserved, nothing overspent and nothing lost, in tokens and in money', async () => {
    const outcomes = await rush(() => void services[1].stop('SIGKILL'));
    expect(outcomes.done).toBeGreaterThan(20);
    expect(outcomes.left).toBeGreaterThan(20);
    expect(outcomes.refused + outcomes.cut).toBeGreaterThan(20);
    expect(outcomes.failed).toBeGreaterThan(50);

    const unreserved = async () =>
      (await Promise.all(KEYS.map(standingOf))).flat().every(([, reserved]) => reserved === 0);
    await until('every lease ran out', unreserved, { patienceMs: 5 * LEASE_MS, pauseMs: LEASE_MS / 4 });
    const all = await accounts();
    expect(all).toHaveLength(2 * (KEYS.length + 1));
    expect(all.map(({ reserved, fields }) => [reserved, fields])).toEqual(all.map(() => [0, ['s']]));
    const settled = (prefix: string) => {
      const own = all.filter(({ name = '' }) => name.startsWith(prefix));
      return own.map(({ settled: amount }) => amount).toSorted((one, other) => one - other);
    };
    const limits = [LIMIT, nanodollars(COST_LIMIT)];
    const standings = await Promise.all(KEYS.map(standingOf));
    for (const [at, prefix] of ['', 'cost/'].entries()) {
      const principals = settled(`${prefix}principal/`);
      expect(settled(`${prefix}tenant`)).toEqual([principals.reduce((sum, amount) => sum + amount, 0)]);
      for (const amount of principals) expect(amount).toBeLessThanOrEqual(limits[at] ?? 0);
      expect(standings.map((each) => each[at]?.[0] ?? 0).toSorted((one, other) => one - other)).toEqual(principals);
    }
  }, 120_000);
});
