import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectProblem } from '../support/edge-headers.ts';

const PAGE = 'https://app.example';
const DRAFT = '/assist/draft-graph';

let server: TestApp;

beforeAll(async () => {
  server = await startApp({ env: { ALLOWED_ORIGINS: `${PAGE},https://other.example` } });
});
afterAll(() => server[Symbol.asyncDispose]());

type Response = Awaited<ReturnType<TestApp['inject']>>;
type Asked = Parameters<TestApp['inject']>[0];
const send = (asked: Asked): Promise<Response> => server.inject(asked);
const preflight = (url: string, origin = PAGE) =>
  send({
    method: 'OPTIONS',
    url,
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });

describe('a service with allowed origins', () => {
  it('tells a page of such an origin what it may send', async () => {
    const { statusCode, headers } = await preflight(DRAFT);
    expect(statusCode).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
      'access-control-allow-headers': 'authorization',
    });
  });

  it('lets such a page read answers and refusals', async () => {
    const limits = await send({ url: '/v1/limits', headers: { ...bearer(keys.user), origin: PAGE } });
    expect([limits.statusCode, limits.headers['access-control-allow-origin']]).toEqual([200, PAGE]);
    const refused = await send({ url: '/v1/limits', headers: { origin: PAGE } });
    expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([401, PAGE]);
  });

  it('allows a page of another origin nothing', async () => {
    for (const { headers } of [
      await preflight(DRAFT, 'https://evil.example'),
      await send({ url: '/v1/limits', headers: { ...bearer(keys.user), origin: 'https://evil.example' } }),
    ]) {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it.each(['/nope', '/V1/keys', '//v1/keys', '/v1%2fkeys'])('does not find %s', async (url) => {
    expectProblem(await send({ url }), 404, 'NOT_FOUND');
  });

  it('names the right methods for a wrong one, and no preflight among them', async () => {
    const response = await send({ method: 'DELETE', url: DRAFT });
    expectProblem(response, 405, 'METHOD_NOT_ALLOWED');
    expect(response.headers['allow']).toBe('POST');
  });

  it.each([
    ['known', DRAFT, 405, 'METHOD_NOT_ALLOWED'],
    ['unknown', '/nope', 404, 'NOT_FOUND'],
  ])('answers OPTIONS of a %s path that is no preflight as any other method', async (_what, url, status, code) => {
    expectProblem(await send({ method: 'OPTIONS', url }), status, code);
  });
});
