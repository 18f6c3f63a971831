import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectProblem, expectResponseHash } from '../support/edge-headers.ts';
import { INNER_WORDS, ProbeModule } from '../support/probe.module.ts';

let server: TestApp;
beforeAll(async () => {
  server = await startApp({ modules: [ProbeModule] });
});
afterAll(() => server[Symbol.asyncDispose]());

type Method = 'GET' | 'HEAD' | 'POST' | 'DELETE';

async function call(method: Method, url: string, headers: Record<string, string>) {
  const { statusCode: status, headers: answered, body } = await server.inject({ method, url, headers });
  return { status, headers: answered, body };
}

const linesOf = (requestId: string) => server.logged().filter((line) => line['request_id'] === requestId);

const everybody = [
  ...Object.entries(keys).map(([who, key]) => [who, bearer(key)] as const),
  ['nobody', {}] as const,
  ['somebody with an unknown key', bearer('unknown-key-0123456789abcdefghijklmnopqr')] as const,
];

describe('a route without a rule', () => {
  it.each(everybody)('is closed to %s', async (_who, headers) => {
    expectProblem(await call('GET', '/probe/bare', headers), 403, 'FORBIDDEN');
    expectProblem(await call('POST', '/probe/bare', headers), 403, 'FORBIDDEN');
    expectProblem(await call('DELETE', '/probe/bare/any', headers), 403, 'FORBIDDEN');
    expect((await call('HEAD', '/probe/bare', headers)).status).toBe(403);
  });

  it('is logged as such, so that its author is found', async () => {
    await call('GET', '/probe/bare', { ...bearer(keys.admin), 'x-request-id': 'no-rule-logged' });
    expect(linesOf('no-rule-logged')).toEqual([
      expect.objectContaining({ http_route: '/probe/bare', access: 'no_rule', problem: 'FORBIDDEN' }),
    ]);
  });
});

describe('a failure nobody foresaw', () => {
  it.each([['throws'], ['throws-text'], ['misshapen']])('%s: answers INTERNAL and nothing more', async (route) => {
    const answer = await call('GET', `/probe/${route}`, bearer(keys.user));
    expectProblem(answer, 500, 'INTERNAL');
    expect(JSON.parse(answer.body)).toMatchObject({ detail: 'Something went wrong on our side' });
    for (const word of [INNER_WORDS, 'passwd', 'api_keys', 'TypeError', 'probe', '.ts', 'ZodError']) {
      expect(answer.body).not.toContain(word);
    }
  });

  it('with a status of its own gives away no more than that', async () => {
    const answer = await call('GET', '/probe/rejects', bearer(keys.user));
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.body).not.toContain('passwd');
    expect(answer.body).not.toContain('57P01');
  });

  it('does not borrow the status of a library: a 401 from elsewhere is no 401 of ours', async () => {
    expectProblem(await call('GET', '/probe/borrows', bearer(keys.user)), 500, 'INTERNAL');
  });

  it.each([
    ['throws', 500, 'INTERNAL', INNER_WORDS],
    ['throws-text', 500, 'INTERNAL', INNER_WORDS],
    ['misshapen', 500, 'INTERNAL', 'shape'],
  ])('%s: is logged once, with its cause', async (route, status, problem, words) => {
    const id = `unforeseen-${route}`;
    await call('GET', `/probe/${route}`, { ...bearer(keys.user), 'x-request-id': id });
    const [line, ...more] = linesOf(id);
    expect(more).toEqual([]);
    expect(line).toMatchObject({ event: 'request.failed', level: 'error', http_status: status, problem });
    expect(JSON.stringify(line?.['cause'])).toContain(words);
  });

  it('behind a code keeps its cause for the log', async () => {
    const answer = await call('GET', '/probe/wraps', { ...bearer(keys.user), 'x-request-id': 'wrapped-cause' });
    expectProblem(answer, 409, 'CONFLICT');
    expect(answer.body).toContain('Words for the caller');
    expect(answer.body).not.toContain('passwd');
    const lines = linesOf('wrapped-cause');
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines[0]?.['cause'])).toContain(INNER_WORDS);
  });
});

describe('an answer', () => {
  it('leaves without the fields its schema does not name', async () => {
    const answer = await call('GET', '/probe/talkative', bearer(keys.user));
    expect([answer.status, answer.body]).toEqual([200, '{"width":3,"unit":"m"}']);
    expectResponseHash(answer.headers, answer.body);
  });

  it('names the dependency that was away for this request alone, and the next one does not', async () => {
    const degraded = async (path: string) => (await call('GET', path, {})).headers['x-countersign-degraded'];
    expect([await degraded('/probe/falls-back'), await degraded('/probe/logs')]).toEqual(['redis', undefined]);
  });
});

describe('a line logged while a request is handled', () => {
  it('carries the ids of the request', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'x-request-id': 'narrated-request', traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    await call('GET', '/probe/logs', headers);
    expect(linesOf('narrated-request')).toEqual([
      expect.objectContaining({ event: 'probe.told', chapter: 1, trace_id: trace }),
      expect.objectContaining({ event: 'request.completed', http_route: '/probe/logs', trace_id: trace }),
    ]);
  });

  it('never carries those of another', async () => {
    const ids = Array.from({ length: 50 }, (_, at) => `narrated-${at}-together`);
    await Promise.all(ids.map((id) => call('GET', '/probe/logs', { 'x-request-id': id })));
    for (const id of ids) expect(linesOf(id).map(({ event }) => event)).toEqual(['probe.told', 'request.completed']);
  });
});
