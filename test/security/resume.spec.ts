import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { readStream, tokenOf } from '../support/stream-client.ts';

const BRIEF = 'Should the city library open on Sundays, or extend weekday evenings? Families would come on Sundays.';

describe('resuming a stream', () => {
  let server: TestApp;
  let streamId = '';
  let token = '';
  let body = '';

  beforeAll(async () => {
    server = await startApp({ env: { RATE_LIMIT_RPM: '100000', SSE_RATE_LIMIT_RPM: '100000' } });
    const url = await server.listen();
    const headers = { ...bearer(keys.user), 'content-type': 'application/json' };
    const whole = await readStream(`${url}/assist/draft-graph/stream`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ brief: BRIEF }),
    });
    streamId = whole.streamId;
    token = tokenOf(whole.events) ?? '';
    body = (await resume({ 'x-resume-token': token })).body;
  });

  afterAll(() => server[Symbol.asyncDispose]());

  const resume = (headers: Record<string, string>, key: string = keys.user) =>
    server.inject({ method: 'POST', url: '/assist/draft-graph/resume', headers: { ...bearer(key), ...headers } });

  const read = (id: string, headers: Record<string, string> = {}, key: string = keys.user) =>
    server.inject({
      url: `/v1/streams/${encodeURIComponent(id)}/events`,
      headers: { ...bearer(key), ...headers },
    });

  it('works for its owner, as often as wanted', async () => {
    expect(body).toContain('event: complete');
    expect((await resume({ 'x-resume-token': token })).body).toBe(body);
  });

  it('needs a token', async () => {
    const refused = await resume({});
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ code: 'RESUME_TOKEN_MISSING' });
  });

  it.each([
    ['another principal of the tenant', keys.user2],
    ['an admin of the tenant', keys.admin],
    ['another tenant', keys.foreign],
  ])('is refused to %s, who learns nothing more than from a forged token', async (_who, key) => {
    const [stolen, forged] = [
      await resume({ 'x-resume-token': token }, key),
      await resume({ 'x-resume-token': 'a.b' }, key),
    ];
    expect(stolen.statusCode).toBe(401);
    expect(stolen.json()).toMatchObject({ code: 'RESUME_TOKEN_INVALID', detail: forged.json().detail });
  });

  it.each([
    ['another principal of the tenant', keys.user2],
    ['another tenant', keys.foreign],
  ])('by stream id answers %s as if there were no such stream', async (_who, key) => {
    const unknown = 'strm_00000000-0000-7000-8000-000000000000';
    const [theirs, none] = [await read(streamId, {}, key), await read(unknown, {}, key)];
    expect([theirs.statusCode, none.statusCode]).toEqual([404, 404]);
    expect(theirs.json().detail).toBe(none.json().detail);
    const deleted = await server.inject({ method: 'DELETE', url: `/v1/streams/${streamId}`, headers: bearer(key) });
    expect(deleted.statusCode).toBe(404);
  });

  it('with a forged token is refused, whatever was changed', async () => {
    const forged = fc.oneof(
      fc
        .tuple(fc.nat({ max: token.length - 1 }), fc.constantFrom(...'Aa0_-.~'))
        .map(([at, character]) => token.slice(0, at) + character + token.slice(at + 1)),
      fc.stringMatching(/^[!-~]{1,600}$/),
      fc.nat({ max: token.length - 1 }).map((length) => token.slice(0, length + 1)),
    );
    await fc.assert(
      fc.asyncProperty(forged, async (text) => {
        fc.pre(text !== token);
        const { statusCode } = await resume({ 'x-resume-token': text });
        expect(statusCode).toBe(401);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    ' ',
    '01',
    'NaN',
    '9007199254740993',
    '2147483647',
    '9'.repeat(300),
    '1, 2',
  ])('with Last-Event-ID %j is refused as bad input', async (id) => {
    const header = { 'last-event-id': id };
    for (const refused of [await read(streamId, header), await resume({ ...header, 'x-resume-token': token })]) {
      expect(refused.statusCode).toBe(400);
      expect(refused.json()).toMatchObject({ code: 'BAD_INPUT' });
    }
  });

  it('beyond the end is refused as bad input', async () => {
    expect((await read(streamId, { 'last-event-id': '100000' })).json()).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('of a stream nobody could have named is a plain 404', async () => {
    const names = fc.oneof(
      fc.constantFrom('..', 'strm_', "strm_' or 1=1", 'strm_\0', `strm_${'0'.repeat(500)}`, '{acme}:log', '*'),
      fc.string({ minLength: 1, maxLength: 80 }).filter((name) => !['.', '..'].includes(name)),
    );
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const { statusCode } = await read(name);
        expect([400, 404, 414]).toContain(statusCode);
      }),
      { numRuns: 150 },
    );
  });

  it('leaves no token in the log', () => {
    expect(JSON.stringify(server.logged())).not.toContain(token.slice(0, 60));
  });
});
