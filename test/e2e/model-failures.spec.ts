import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys } from '../support/app.ts';
import type { Script } from '../support/scripted-upstream.ts';
import {
  answering,
  breakingOff,
  failing,
  replying,
  resetting,
  sampleDraft,
  silent,
  stalling,
  streaming,
} from '../support/scripted-upstream-scripts.ts';
import { until } from '../support/until.ts';
import {
  INPUT_COST,
  OUTPUT_COST,
  ROUTE,
  ROUTED,
  type Spent,
  upstreamService,
  wellBehaved,
} from '../support/upstream-service.ts';

/** What the scripted model counts of one answer. */
const COUNTED = { tokens: 18, cost: 11 * INPUT_COST + 7 * OUTPUT_COST };
const NOTHING = { tokens: 0, cost: 0 };
const TWICE = { tokens: 2 * COUNTED.tokens, cost: 2 * COUNTED.cost };
/** The question and the words that came, estimated. */
const HEARD = 'heard';

const DRAFT = JSON.stringify(sampleDraft(6));
const BEGINNING = DRAFT.slice(0, 600);
/** With characters of two and three bytes. */
const SHORT = JSON.stringify(sampleDraft(2));
const LONG = JSON.stringify({ ...Object(sampleDraft(6)), padding: 'x'.repeat(10 * 1_048_576) });

const late =
  (script: Script): Script =>
  async (request, response) => {
    await delay(300);
    return script(request, response);
  };

const whole = { status: 200, code: undefined };
const failed = { status: 502, code: 'UPSTREAM_FAILED' };
const timedOut = { status: 504, code: 'UPSTREAM_TIMEOUT' };

type World = Awaited<ReturnType<typeof upstreamService>>;

/** Scripts, one a request; how the call ends; how often the model is asked; what it costs. */
type Row = [string, readonly Script[], object, number, Spent | typeof HEARD];

/** docs/models.md has this table in words. */
const ROWS: readonly Row[] = [
  ['is slow to begin', [late(wellBehaved)], whole, 1, COUNTED],
  ['answers 429 with a Retry-After', [failing(429, { 'retry-after': '1' }), wellBehaved], whole, 2, COUNTED],
  [
    'answers 429 with a Retry-After that is too long',
    [failing(429, { 'retry-after': '60' })],
    { ...failed, retryAfter: 60 },
    1,
    NOTHING,
  ],
  ['answers 500 twice', [failing(500, {}), failing(500, {}), wellBehaved], whole, 3, COUNTED],
  ['answers 500 for ever', [failing(500, {})], failed, 3, NOTHING],
  ['rejects the request', [failing(400, {})], failed, 1, NOTHING],
  ['resets the connection before a word', [resetting('')], failed, 3, NOTHING],
  ['resets the connection in mid-answer', [resetting(BEGINNING)], failed, 1, HEARD],
  ['sends events that are not JSON', [streaming('data: {"choices":[\n\n')], failed, 1, NOTHING],
  ['words an answer that is not JSON, once', [answering('Certainly!', {}), wellBehaved], whole, 2, TWICE],
  ['breaks its stream off', [breakingOff(BEGINNING)], failed, 1, HEARD],
  ['answers in another content type', [replying(200, { 'content-type': 'text/html' }, '<p>')], failed, 1, NOTHING],
  ['answers with ten megabytes', [answering(LONG, { charactersPerChunk: 65_536 })], whole, 1, COUNTED],
  [
    'cuts its events at every byte',
    [answering(SHORT, { bytesPerWrite: 1, charactersPerChunk: 64 })],
    whole,
    1,
    COUNTED,
  ],
  [
    'cuts its characters in the middle',
    [answering(SHORT, { bytesPerWrite: 2, charactersPerChunk: 64 })],
    whole,
    1,
    COUNTED,
  ],
];

const STALLS: readonly Row[] = [
  ['never says a word', [silent], timedOut, 1, NOTHING],
  ['falls silent in mid-answer', [stalling(BEGINNING)], timedOut, 1, HEARD],
];

const TEXT = 'A second crane would stand idle. ☕ '.repeat(20);

const CHAT_ROWS: readonly Row[] = [
  ['answers 500 twice', [failing(500, {}), failing(500, {}), answering(TEXT, {})], whole, 3, COUNTED],
  ['answers 500 for ever', [failing(500, {})], failed, 3, NOTHING],
  ['resets the connection in mid-answer', [resetting(TEXT)], failed, 1, HEARD],
  ['breaks its stream off', [breakingOff(TEXT)], failed, 1, HEARD],
];

/** Asks once, and looks at what the call came to in the ledger. */
async function check(
  world: World,
  route: 'draft' | 'stream' | 'chat',
  [, scripts, ending, calls, charge]: Row,
): Promise<void> {
  const before = { spent: await world.spent(), calls: world.upstream.requests.length };
  world.script(...scripts);
  expect(await world[route]()).toMatchObject(ending);
  expect(world.upstream.requests).toHaveLength(before.calls + calls);
  const spent = await world.spent();
  const charged = { tokens: spent.tokens - before.spent.tokens, cost: spent.cost - before.spent.cost };
  if (charge === HEARD) {
    expect(charged.tokens).toBeGreaterThan(BEGINNING.length / 5);
    expect(charged.cost).toBeGreaterThan(charged.tokens * INPUT_COST);
    expect(charged.cost).toBeLessThan(charged.tokens * OUTPUT_COST);
  } else expect(charged).toEqual(charge);
  world.script(wellBehaved);
  expect(await world.draft()).toMatchObject(whole);
}

/** Every call is in the record once, with what it was charged. */
async function accountsAgree(world: World): Promise<void> {
  const spent = await world.spent();
  await until('the record has what the accounts have', async () => {
    const rows = await world.recorded();
    const sum = (count: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + count(row), 0);
    return sum(({ tokens }) => tokens) === spent.tokens && sum(({ cost }) => cost) === spent.cost;
  });
}

describe('a call of a model that', () => {
  let world: World;
  beforeAll(async () => {
    world = await upstreamService({});
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each(ROWS)('%s ends as the table says, and is charged once', async (...row) => {
    await check(world, 'draft', row);
    await check(world, 'stream', row);
  });

  it.each(CHAT_ROWS)('%s ends a conversation as it does a draft', async (...row) => {
    await check(world, 'chat', row);
  });

  it('has a route is one that callers see, asked by the name it has upstream', async () => {
    const listed = await fetch(`${world.base}/v1/models`, { headers: bearer(keys.user) });
    expect(Object(await listed.json()).data).toContainEqual(expect.objectContaining({ id: ROUTE, owned_by: 'openai' }));
    expect(await world.chat()).toMatchObject(whole);
    expect(Object(world.upstream.requests.at(-1)?.body).model).toBe(ROUTED);
  });

  it('failed or not leaves the same in the accounts and in the record', () => accountsAgree(world));

  it('its caller cancels is closed upstream within a second, and charged what was heard', async () => {
    const before = { spent: await world.spent(), calls: world.upstream.requests.length };
    world.script(stalling(BEGINNING));
    const headers = { ...bearer(keys.user), 'content-type': 'application/json' };
    const body = JSON.stringify({ brief: 'Should the harbour buy a second crane this year, or mend the old one?' });
    const response = await fetch(`${world.base}/assist/draft-graph/stream`, { method: 'POST', headers, body });
    const request = await world.upstream.received(before.calls + 1);
    const reader = response.body?.getReader();
    for (let seen = ''; !seen.includes('"partial"'); )
      seen += Buffer.from((await reader?.read())?.value ?? '').toString();
    const id = response.headers.get('x-stream-id');
    const cancelledAt = Date.now();
    await fetch(`${world.base}/v1/streams/${id}`, { method: 'DELETE', headers: bearer(keys.user) });
    await request.over;
    expect(Number(request.closedByClientAt) - cancelledAt).toBeLessThan(1_000);
    let rest = '';
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      rest += Buffer.from(part.value).toString();
    expect(rest).toContain('event: error');
    expect((await world.spent()).tokens - before.spent.tokens).toBeGreaterThan(BEGINNING.length / 5);
    await accountsAgree(world);
  });
});

describe('a call of a model that stalls', () => {
  let world: World;
  beforeAll(async () => {
    world = await upstreamService({ MODEL_FIRST_TOKEN_TIMEOUT: '1000', MODEL_IDLE_TIMEOUT: '1000' });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each(STALLS)('and %s ends as the table says, and is charged once', async (...row) => {
    await check(world, 'draft', row);
    await check(world, 'stream', row);
  });

  it('leaves the same in the accounts and in the record', () => accountsAgree(world));
});

describe('a call with a second provider', () => {
  let world: World;
  beforeAll(async () => {
    world = await upstreamService({ MODEL_PROVIDERS: 'openai,embedded' });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each([
    ['500', failing(500, {})],
    ['a reset', resetting('')],
  ])('goes to it after %s before the first word, and costs what it does', async (_how, script) => {
    world.script(script);
    for (const ending of [await world.draft(), await world.stream()]) expect(ending).toMatchObject(whole);
    const { cost, tokens } = await world.spent();
    expect(cost).toBe(0);
    expect(tokens).toBeGreaterThan(0);
    await accountsAgree(world);
    expect(await world.recorded()).toMatchObject([{ model: 'countersign-embedded-1' }]);
    world.script(wellBehaved);
  });

  it('does not go to it once a word was heard: the stream ends in the error, with what it showed', async () => {
    world.script(resetting(BEGINNING));
    const ending = await world.stream();
    expect(ending).toMatchObject(failed);
    expect(ending.partials).toBeGreaterThan(0);
    await accountsAgree(world);
  });
});
