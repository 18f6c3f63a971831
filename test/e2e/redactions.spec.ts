import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectProblem } from '../support/edge-headers.ts';

const ROUTE = '/v1/redactions/preview';
/** Below the largest body with its frame. */
const NEARLY_1_MIB = 1_048_000;
const PATIENCE_MS = 30_000;

let server: TestApp;
let url = '';

beforeAll(async () => {
  server = await startApp();
  url = await server.listen();
});
afterAll(() => server?.[Symbol.asyncDispose]());

const preview = (payload: object | string, headers: Readonly<Record<string, string>> = {}) =>
  server.inject({
    method: 'POST',
    url: ROUTE,
    headers: { ...bearer(keys.user), 'content-type': 'application/json', ...headers },
    payload,
  });

async function expectBadInput(payload: object | string): Promise<void> {
  expectProblem(await preview(payload), 400, 'BAD_INPUT');
}

describe('a preview of redaction', () => {
  it('replaces what is found in a text, and counts it by kind', async () => {
    const answer = await preview({ text: 'Mail ada@example.com or bob@example.com from 192.0.2.7.' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      redacted: 'Mail [redacted:email] or [redacted:email] from [redacted:ip_address].',
      summary: { mode: 'standard', counts: { email: 2, ip_address: 1 } },
    });
  });

  it('redacts a JSON value at any depth, and leaves its names, its order and the rest of it', async () => {
    const data = {
      z: [{ who: 'ada@example.com', 'bob@example.com': 1 }],
      a: { client_secret: 'whatever it is', n: 4_155_552_671, nothing: null, yes: true, empty: {} },
    };
    const answer = await preview({ data });
    expect(answer.json<{ redacted: unknown }>().redacted).toEqual({
      z: [{ who: '[redacted:email]', 'bob@example.com': 1 }],
      a: { client_secret: '[redacted:secret]', n: 4_155_552_671, nothing: null, yes: true, empty: {} },
    });
    expect(answer.json()).toMatchObject({ summary: { mode: 'standard', counts: { email: 1, secret: 1 } } });
    expect(answer.body.indexOf('"z"')).toBeLessThan(answer.body.indexOf('"a"'));
  });

  it.each([[null], [false], [0], [''], ['plain'], [[]]])('takes %j for data', async (data) => {
    const answer = await preview({ data });
    expect(answer.json()).toEqual({ redacted: data, summary: { mode: 'standard', counts: {} } });
  });

  it('takes an empty text for a text', async () => {
    expect((await preview({ text: '' })).json()).toMatchObject({ redacted: '', summary: { counts: {} } });
  });

  it('finds more in strict mode, and names the mode', async () => {
    const text = 'She was born 12 March 1984; mail ada@example.com.';
    expect((await preview({ text, mode: 'standard' })).json()).toMatchObject({
      redacted: 'She was born 12 March 1984; mail [redacted:email].',
      summary: { mode: 'standard', counts: { email: 1 } },
    });
    expect((await preview({ text, mode: 'strict' })).json()).toMatchObject({
      redacted: 'She was born [redacted:date_of_birth]; mail [redacted:email].',
      summary: { mode: 'strict', counts: { date_of_birth: 1, email: 1 } },
    });
  });

  it('is kept for nobody: the same idempotency key with another text gets the answer to that text', async () => {
    const headers = { 'idempotency-key': 'preview-twice' };
    expect((await preview({ text: 'one ada@example.com' }, headers)).json()).toMatchObject({
      redacted: 'one [redacted:email]',
    });
    expect((await preview({ text: 'two' }, headers)).json()).toMatchObject({ redacted: 'two' });
  });

  it('leaves nothing of its input in the log, whether it is answered or refused', async () => {
    const planted = 'zanzibar.ada@example.com';
    const before = server.logged().length;
    await preview({ text: planted });
    await preview({ data: { [planted]: [planted] } });
    await preview({ text: planted, data: planted });
    await preview({ text: { planted } });
    await preview({ [planted]: planted });
    await preview(`{"text":"${planted}`);
    const logged = server.logged().slice(before);
    expect(logged.length).toBeGreaterThanOrEqual(6);
    expect(JSON.stringify(logged)).not.toContain('zanzibar');
  });
});

describe('a request for a preview is refused', () => {
  it.each<[string, object]>([
    ['neither text nor data', {}],
    ['both text and data', { text: 'a', data: 'b' }],
    ['both, one of them null', { text: 'a', data: null }],
    ['a text that is none', { text: 7 }],
    ['a null text', { text: null }],
    ['a mode that there is not', { text: 'a', mode: 'off' }],
    ['a field that nobody knows', { text: 'a', store: true }],
  ])('with %s', async (_title, payload) => {
    await expectBadInput(payload);
  });

  it.each([
    ['__proto__', '{"data":{"a":[{"__proto__":{"polluted":true}}]}}'],
    ['constructor.prototype', '{"data":{"constructor":{"prototype":{"polluted":true}}}}'],
    ['nesting without end', `{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('with %s in its data', async (_title, payload) => {
    await expectBadInput(payload);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('when it is larger than the global limit of a body', async () => {
    expectProblem(await preview({ text: 'a'.repeat(1_048_576) }), 413, 'PAYLOAD_TOO_LARGE');
  });
});

const half = NEARLY_1_MIB / 2;
const filled = (piece: string): string => piece.repeat(Math.floor(NEARLY_1_MIB / piece.length));

describe('1 MiB of bait', () => {
  it.each<[string, object]>([
    ['addresses that never end', { text: filled('a@a.') }],
    ['groups of digits', { text: filled('1-1-') }],
    ['halves of tokens', { text: filled('.eyJ') }],
    ['numbers in a list', { data: Array.from({ length: half / 4 }, (_, at) => 1_000_000 + at) }],
    ['a list under a name as long as itself', { data: { ['a'.repeat(half)]: Array(half / 4).fill('b') } }],
    ['a list under a name of digits', { data: { [' 1-1-'.repeat(60)]: Array(half / 2).fill('1') } }],
  ])('of %s, in both modes at once, is answered, and so is everybody else meanwhile', async (_title, bait) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const headers = { ...bearer(keys.user), 'content-type': 'application/json' };
    const send = async (body: object): Promise<number> => {
      const answer = await fetch(url + ROUTE, { method: 'POST', headers, signal, body: JSON.stringify(body) });
      await answer.arrayBuffer();
      return answer.status;
    };
    const others = Array.from({ length: 5 }, () => send({ text: 'short' }));
    const baits = [send({ ...bait, mode: 'strict' }), send({ ...bait, mode: 'standard' })];
    expect(await Promise.all([...baits, ...others])).toEqual(Array(7).fill(200));
  });
});
