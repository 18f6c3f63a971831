import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, keys } from '../support/app.ts';
import { recorded, whole } from '../support/failing-models.ts';
import { ROUTE } from '../support/model-callers.ts';
import { PausedModel } from '../support/paused-model.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { runsOf } from '../support/repeats.ts';
import { until } from '../support/until.ts';
import { type UpstreamService, upstreamService, wellBehaved } from '../support/upstream-service.ts';

const WORDS = 'Tea first, then the decision. ☕ Řeka teče.';
const RECOVERY = { patienceMs: 30_000, pauseMs: 50 } as const;
/** Nobody waits for the database as long as that. */
const PATIENCE_MS = 30_000;

const CHATS = ['a conversation', 'a streamed conversation'] as const;
const RESPONSES = ['a response', 'a streamed response', 'a response of the background'] as const;
const away = { status: 503, code: 'DEPENDENCY_UNAVAILABLE', retryAfter: expect.any(Number) };

const outages: readonly [string, (postgres: PostgresServer) => Promise<void> | void, typeof restart][] = [
  ['is killed', (postgres) => postgres.stop(), restart],
  ['freezes', (postgres) => postgres.freeze(), async (postgres) => postgres.thaw()],
];

function restart(postgres: PostgresServer): Promise<void> {
  return postgres.restart();
}

describe.each(outages)('while PostgreSQL %s', (_how, goAway, comeBack) => {
  const paused = new PausedModel(WORDS);
  let postgres: PostgresServer;
  let world: UpstreamService;
  let gone = false;
  beforeAll(async () => {
    postgres = await startPostgres();
    world = await upstreamService({ DATABASE_URL: await postgres.database(), DATABASE_TIMEOUT: '500' });
  });
  beforeEach(() => world.script(wellBehaved));
  afterEach(() => back());
  afterAll(async () => {
    paused.letGo();
    await world?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
  });

  const leave = async (): Promise<void> => {
    gone = true;
    await goAway(postgres);
  };
  const ready = async (): Promise<number> => (await fetch(`${world.base}/readyz`)).status;
  async function back(): Promise<void> {
    if (!gone) return;
    await comeBack(postgres);
    gone = false;
    await until('the database is used again', async () => (await ready()) === 200, RECOVERY);
  }

  const call = async (method: string, path: string, payload?: object) => {
    const headers = { ...bearer(keys.user), 'content-type': 'application/json' };
    const body = payload === undefined ? null : JSON.stringify(payload);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(`${world.base}/v1/${path}`, { method, headers, body, signal });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  const made = async (more: object) => Object(JSON.parse((await call('POST', 'responses', asking(more))).text));
  const asking = (more: object) => ({ model: ROUTE, input: 'What comes first?', ...more });
  const read = async (id: string) => Object(JSON.parse((await call('GET', `responses/${id}`)).text));

  it('conversations are answered, and what they cost is recorded once it is back', async () => {
    await leave();
    for (const caller of CHATS) expect(await world.ask(caller)).toMatchObject(whole);
    await back();
    expect(await recorded(world)).toMatchObject({ tokens: expect.any(Number) });
    await until(
      'the run of the stream is recorded',
      async () => (await runsOf(world.server, 'completed')) > 0,
      RECOVERY,
    );
  });

  it('no response that is to be kept is begun: nothing is asked, reserved or charged, and the caller hears when to come back', async () => {
    await leave();
    const calls = world.upstream.requests.length;
    const before = await world.spent();
    for (const caller of RESPONSES) expect(await world.ask(caller)).toMatchObject(away);
    expect(world.upstream.requests).toHaveLength(calls);
    expect(await world.spent()).toEqual(before);
    await back();
    for (const caller of RESPONSES) expect(await world.ask(caller)).toMatchObject(whole);
  });

  it('a streamed response that is not kept is made', async () => {
    await leave();
    const { status, text } = await call('POST', 'responses', asking({ store: false, stream: true }));
    expect([status, /event: response\.completed\n.*\n\ndata: \[DONE\]\n\n$/.test(text)]).toEqual([200, true]);
  });

  it('a response that is kept is out of reach, not lost', async () => {
    const { id } = await made({});
    await leave();
    const routes = [
      ['GET', ''],
      ['GET', '?stream=true'],
      ['GET', '/input_items'],
      ['POST', '/cancel'],
      ['DELETE', ''],
    ] as const;
    for (const [method, path] of routes) {
      const { status, headers } = await call(method, `responses/${id}${path}`);
      expect([method, path, status, headers.has('retry-after')]).toEqual([method, path, 503, true]);
    }
    await back();
    expect(await read(id)).toMatchObject({ id, status: 'completed' });
  });

  it('a stream goes on to its end, and its response is kept once it is back', async () => {
    world.script(paused.script);
    const calls = world.upstream.requests.length;
    const streamed = call('POST', 'responses', asking({ stream: true }));
    await world.upstream.received(calls + 1);
    await leave();
    paused.letGo();
    const { text } = await streamed;
    const id = /"id":"(resp_[\w-]+)"/.exec(text)?.[1] ?? '';
    expect(text).toMatch(/event: response\.completed\n.*\n\ndata: \[DONE\]\n\n$/);
    await back();
    await until('it is kept', async () => (await read(id)).status === 'completed', RECOVERY);
    expect((await read(id)).output[0].content[0].text).toBe(WORDS);
  });

  it('a response whose answer could not be kept has failed for its caller, in the record too, and is charged once', async () => {
    const failures = await runsOf(world.server, 'failed');
    world.script(paused.script);
    const [calls, before] = [world.upstream.requests.length, await world.spent()];
    const answered = call('POST', 'responses', asking({}));
    await world.upstream.received(calls + 1);
    await leave();
    paused.letGo();
    expect(await answered).toMatchObject({ status: 503 });
    await back();
    await until('the run has failed', async () => (await runsOf(world.server, 'failed')) === failures + 1, RECOVERY);
    expect((await recorded(world)).tokens - before.tokens).toBe(18);
  });

  it('the words of a response that was accepted before wait for it, and are told and kept once it is back', async () => {
    const gate = Promise.withResolvers<void>();
    world.script(async (request, response) => {
      await gate.promise;
      return wellBehaved(request, response);
    });
    const calls = world.upstream.requests.length;
    const { id, status } = await made({ background: true });
    expect(status).toBe('queued');
    await world.upstream.received(calls + 1);
    await leave();
    gate.resolve();
    await until('the service knows that it is away', async () => (await ready()) === 503, RECOVERY);
    await back();
    await until('it is over', async () => !['queued', 'in_progress'].includes((await read(id)).status), RECOVERY);
    expect(await read(id)).toMatchObject({ status: 'completed' });
    expect((await call('GET', `responses/${id}?stream=true`)).text).toContain('event: response.completed');
    expect(world.upstream.requests).toHaveLength(calls + 1);
  });
});
