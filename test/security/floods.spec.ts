import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectProblem } from '../support/edge-headers.ts';
import { FakeClock } from '../support/fake-clock.ts';

const LIMIT = 30;
const clock = new FakeClock();
let server: TestApp;

beforeAll(async () => {
  server = await startApp({ env: { FLOOD_LIMIT_RPM: String(LIMIT), TRUSTED_PROXIES: '10.0.0.0/8' }, clock });
});
afterAll(() => server[Symbol.asyncDispose]());

let network = 0;
/** An address nobody used before. */
const fresh = (): string => `192.0.2.${++network}`;

interface Origin {
  readonly remoteAddress: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'POST';
  readonly payload?: string;
}
const ask = ({ method = 'GET', url = '/v1/limits', ...more }: Origin) => server.inject({ method, url, ...more });

async function flood(next: () => Origin): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < LIMIT + 5; turn++) statuses.push((await ask(next())).statusCode);
  return statuses;
}
const refused = (statuses: readonly number[]): number => statuses.filter((status) => status === 429).length;

describe('an address that floods', () => {
  it.each<[string, Omit<Origin, 'remoteAddress'>, number]>([
    ['without a credential', {}, 401],
    ['by guessing keys', { headers: bearer('x'.repeat(40)) }, 401],
    ['with a good key', { headers: bearer(keys.user) }, 200],
    ['at paths that do not exist', { url: '/nothing/here' }, 404],
    [
      'with bodies that are not JSON',
      {
        method: 'POST',
        url: '/assist/draft-graph',
        payload: '{',
        headers: { ...bearer('x'.repeat(40)), 'content-type': 'application/json' },
      },
      400,
    ],
    [
      'with bodies that nobody vouches for',
      { method: 'POST', url: '/assist/draft-graph', payload: '{', headers: { 'content-type': 'application/json' } },
      401,
    ],
    ['at a public page', { url: '/.well-known/countersign-keys.json' }, 200],
  ])('%s is refused beyond its limit', async (_how, origin, otherwise) => {
    const remoteAddress = fresh();
    const statuses = await flood(() => ({ ...origin, remoteAddress }));
    expect([statuses[0], refused(statuses)]).toEqual([otherwise, 5]);
  });

  it('gets the one error body with a true wait', async () => {
    const remoteAddress = fresh();
    await flood(() => ({ remoteAddress }));
    const answer = await ask({ remoteAddress });
    const { headers } = answer;
    expectProblem(answer, 429, 'RATE_LIMITED');
    expect(headers['retry-after-ms']).toBe('2000');
    expect(headers['retry-after']).toBe('2');
    await clock.advance(1_999);
    expect((await ask({ remoteAddress })).statusCode).toBe(429);
    await clock.advance(1);
    expect((await ask({ remoteAddress })).statusCode).toBe(401);
  });

  it('takes nothing from others', async () => {
    const remoteAddress = fresh();
    await flood(() => ({ remoteAddress }));
    expect((await ask({ remoteAddress: fresh(), headers: bearer(keys.user) })).statusCode).toBe(200);
  });

  it('does not keep an orchestrator from asking how the process is', async () => {
    const remoteAddress = fresh();
    await flood(() => ({ remoteAddress }));
    for (const url of ['/healthz', '/readyz', '/livez?verbose']) {
      expect((await ask({ remoteAddress, url })).statusCode).toBe(200);
    }
  });
});

describe('a flood does not get past its limit', () => {
  it('by going to other paths', async () => {
    const remoteAddress = fresh();
    const paths = ['/v1/limits', '/v1/keys', '/nothing', '/v1/status'];
    let turn = 0;
    expect(refused(await flood(() => ({ remoteAddress, url: paths[turn++ % paths.length] ?? '' })))).toBe(5);
  });

  it('by naming other addresses in X-Forwarded-For', async () => {
    const remoteAddress = fresh();
    let turn = 0;
    const forged = () => ({ remoteAddress, headers: { 'x-forwarded-for': `198.51.100.${turn++}` } });
    expect(refused(await flood(forged))).toBe(5);
  });

  it('by naming other addresses before the one that a trusted proxy saw', async () => {
    let turn = 0;
    const client = fresh();
    const forged = () => ({
      remoteAddress: '10.0.0.1',
      headers: { 'x-forwarded-for': `198.51.100.${turn++}, ${client}` },
    });
    expect(refused(await flood(forged))).toBe(5);
  });

  it('by moving about in its own /64', async () => {
    let turn = 0;
    expect(refused(await flood(() => ({ remoteAddress: `2001:db8:1:2::${(turn++).toString(16)}` })))).toBe(5);
    expect((await ask({ remoteAddress: '2001:db8:1:3::1' })).statusCode).toBe(401);
  });

  it('by writing its IPv4 address as IPv6', async () => {
    const address = fresh();
    let turn = 0;
    expect(refused(await flood(() => ({ remoteAddress: turn++ % 2 === 0 ? address : `::ffff:${address}` })))).toBe(5);
  });
});

describe('clients behind a trusted proxy', () => {
  it('are told apart by the address that the proxy saw', async () => {
    const noisy = { remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': fresh() } };
    expect(refused(await flood(() => noisy))).toBe(5);
    const quiet = { remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': fresh() } };
    expect((await ask(quiet)).statusCode).toBe(401);
  });
});
