import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TextRequest } from '#src/models/provider.port.js';
import type { RedactionPolicy } from '#src/models/redaction/redaction-policy.schema.js';
import { modelWorld } from '../support/model-world.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { textOf } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';
import { type RedisSubject, redisSubject } from './redis.subject.ts';

const QUESTION: TextRequest = { messages: [{ role: 'user', content: 'What about the harbour?' }] };
const SAID = 'The crane is old and the quay is not.';

let server: RedisServer;
let subject: RedisSubject;
beforeAll(async () => {
  server = await startRedis();
  subject = await redisSubject(server.url, { cluster: false, commandTimeoutMs: 2_000 });
});
afterAll(async () => {
  await subject[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** A process with a memory of its own. */
function instance(direction: RedactionPolicy['direction'] = 'off') {
  const redaction = { default: { direction, mode: 'standard' }, tenants: {} } as const;
  const world = modelWorld({ hot: subject.hot, cache: { calls: 'all' }, redaction });
  world.model.words = [SAID];
  const ask = async (tenant: string) =>
    textOf(await Array.fromAsync(world.models.text(QUESTION, world.callOf(tenant))));
  return { ...world, ask };
}

/** The name under which the one answer of a tenant is kept. */
async function kept(tenant: string): Promise<string> {
  let name = '';
  await until('it is kept in Redis', async () => {
    name = await server.command('keys', `*{${tenant}}:cache:*`);
    return name !== '';
  });
  return name.trim();
}

describe('answers kept in Redis', () => {
  it('are given by every process', async () => {
    const [one, other] = [instance(), instance()];
    await one.ask('shared');
    await kept('shared');
    expect(await other.ask('shared')).toBe(SAID);
    expect(other.model.seen).toEqual([]);
    expect(await other.ask('shared')).toBe(SAID);
    expect(other.counts.outcomes).toMatchObject({ shared_hit: 1, hit: 1, miss: 0 });
  });

  it('end with their time, in Redis too', async () => {
    await instance().ask('timed');
    const left = Number(await server.command('pttl', await kept('timed')));
    expect(left).toBeGreaterThan(3_000_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
  });

  it('cannot be read there, and lie in the slot of their tenant', async () => {
    await instance().ask('sealed');
    const name = await kept('sealed');
    expect(name).toMatch(/^test:\{sealed\}:cache:[0-9a-f]{64}$/);
    const value = await server.command('get', name);
    expect(value).not.toContain('crane');
    expect(value).not.toContain('harbour');
  });

  it('are no other tenant’s, nor moved by hand to one', async () => {
    await instance().ask('victim');
    const thief = instance();
    await thief.ask('thief');
    expect(thief.model.seen).toHaveLength(1);
    await server.command('copy', await kept('victim'), await kept('thief'), 'replace');
    const again = instance();
    await again.ask('thief');
    expect(again.model.seen).toHaveLength(1);
  });

  it('that were changed are no answers', async () => {
    await instance().ask('changed');
    await server.command('append', await kept('changed'), 'x');
    const other = instance();
    expect(await other.ask('changed')).toBe(SAID);
    expect(other.model.seen).toHaveLength(1);
  });

  it('are not given under another policy of redaction', async () => {
    await instance('off').ask('strange');
    await kept('strange');
    const other = instance('inbound');
    await other.ask('strange');
    expect(other.model.seen).toHaveLength(1);
  });
});

describe('when Redis is gone', () => {
  it('a process answers from its own memory, and asks a model for the rest', async () => {
    const one = instance();
    await one.ask('alone');
    await server.kill();
    expect(await one.ask('alone')).toBe(SAID);
    expect(one.model.seen).toHaveLength(1);
    const other = instance();
    expect(await other.ask('alone')).toBe(SAID);
    expect(await other.ask('alone')).toBe(SAID);
    expect(other.model.seen).toHaveLength(1);
    expect(other.counts.storeFailures).toBeGreaterThan(0);
  });
});
