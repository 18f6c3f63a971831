import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKeyList, IssuedKey } from '../../src/auth/keys.schema.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { type Answer, BODY, SIGNING_ENV, type Signing, send, signedRequest } from '../support/signed-request.ts';

const SEALING_KEY = 'sealing-key-of-the-tests-5Fg1Sy0Pa7Jq2mZr';
const READ = { method: 'GET', target: '/v1/keys?limit=100', body: '' } as const;

const clock = new FakeClock();
let redis: RedisServer;
let postgres: PostgresServer;
let one: Instance;
let other: Instance;
let stranger: Instance;

interface Instance {
  readonly server: TestApp;
  readonly port: number;
}

async function instance(sealingKey: string): Promise<Instance> {
  const env = {
    ...SIGNING_ENV,
    HMAC_SEALING_KEY: sealingKey,
    REDIS_URL: redis.url,
    REDIS_COMMAND_TIMEOUT: '2000',
    DATABASE_URL: postgres.url,
    DATABASE_TIMEOUT: '5000',
  };
  const server = await startApp({ env, clock });
  return { server, port: Number(new URL(await server.listen()).port) };
}

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  one = await instance(SEALING_KEY);
  other = await instance(SEALING_KEY);
  stranger = await instance(`${SEALING_KEY}-of-somebody-else`);
  await clock.advance(1);
});
afterAll(async () => {
  for (const { server } of [one, other, stranger]) await server[Symbol.asyncDispose]();
  await Promise.all([redis[Symbol.asyncDispose](), postgres[Symbol.asyncDispose]()]);
});

async function manage<T>(
  method: 'POST' | 'DELETE',
  path: string,
  payload: object,
  owner: string = keys.admin,
): Promise<T> {
  const answer = await one.server.inject({ method, url: `/v1/keys${path}`, headers: bearer(owner), payload });
  expect(answer.statusCode).toBeLessThan(300);
  return answer.json<T>();
}
const create = (extra: object = {}, owner?: string): Promise<IssuedKey> =>
  manage('POST', '', { name: 'signer', kind: 'hmac', roles: ['admin'], ...extra }, owner);
const rotate = (id: string, overlapSeconds: number): Promise<IssuedKey> =>
  manage('POST', `/${id}/rotate`, { overlap_seconds: overlapSeconds });

type Signed = Pick<IssuedKey, 'id' | 'secret'>;

const ask = ({ port }: Instance, { id, secret }: Signed, options: Partial<Signing> = {}): Promise<Answer> =>
  send(port, signedRequest({ ...READ, timestamp: clock.now(), keyId: id, secret, ...options }));
const codes = (answers: readonly Answer[]) => answers.map(({ status, code }) => code ?? String(status));
const everywhere = async (key: Signed) => codes([await ask(one, key), await ask(other, key)]);

describe('a key that signs requests', () => {
  it('signs on every instance, for its own tenant', async () => {
    const key = await create({ name: 'first signer' });
    expect(await everywhere(key)).toEqual(['200', '200']);
    const page: ApiKeyList = JSON.parse((await ask(other, key)).body);
    expect(page.data.map(({ id }) => id)).toContain(key.id);
  });

  it('signs requests with a body', async () => {
    const made = await ask(other, await create(), { method: 'POST', target: '/v1/keys', body: BODY });
    expect(made.status).toBe(201);
  });

  it('may do what its roles allow, and no more', async () => {
    expect(codes([await ask(one, await create({ roles: ['user'] }))])).toEqual(['FORBIDDEN']);
  });

  it('is no bearer credential, on no instance', async () => {
    const { secret } = await create();
    for (const { server } of [one, other]) {
      const answer = await server.inject({ url: '/v1/keys', headers: bearer(secret) });
      expect(answer.json()).toMatchObject({ status: 401, code: 'INVALID_API_KEY' });
    }
  });

  it('has a nonce of its own: two keys may use the same one', async () => {
    const nonce = crypto.randomUUID();
    const [first, second] = [await create(), await create()];
    expect(codes([await ask(one, first, { nonce }), await ask(other, second, { nonce })])).toEqual(['200', '200']);
    expect(codes([await ask(other, first, { nonce })])).toEqual(['REPLAY_BLOCKED']);
  });
});

describe('somebody who signs', () => {
  it('with the secret of another tenant under this tenant’s key is refused', async () => {
    const [ours, theirs] = [await create(), await create({}, keys.foreign)];
    expect(codes([await ask(one, { id: ours.id, secret: theirs.secret })])).toEqual(['INVALID_SIGNATURE']);
  });

  it('with a key of another tenant sees that tenant and nothing else', async () => {
    const [ours, theirs] = [await create(), await create({}, keys.foreign)];
    const page: ApiKeyList = JSON.parse((await ask(one, theirs)).body);
    expect(page.data.map(({ id }) => id)).toContain(theirs.id);
    expect(page.data.map(({ id }) => id)).not.toContain(ours.id);
  });

  it('with the secret of the environment under a made key is refused', async () => {
    const { id } = await create();
    expect(codes([await ask(one, { id, secret: SIGNING_ENV.HMAC_SECRET })])).toEqual(['INVALID_SIGNATURE']);
  });

  it('with a made key, and names none, is refused', async () => {
    const { secret } = await create();
    const unnamed = signedRequest({ ...READ, timestamp: clock.now(), secret });
    expect(codes([await send(one.port, unnamed)])).toEqual(['INVALID_SIGNATURE']);
  });

  it('with an API key is refused', async () => {
    const key = await create({ kind: 'api' });
    expect(await everywhere(key)).toEqual(['NO_SECRET', 'NO_SECRET']);
  });

  it('with the visible part of a key is refused', async () => {
    const { id, prefix } = await create();
    expect(await everywhere({ id, secret: prefix })).toEqual(['INVALID_SIGNATURE', 'INVALID_SIGNATURE']);
  });

  it('with a revoked key is refused, on other instances within a second', async () => {
    const key = await create();
    expect(await everywhere(key)).toEqual(['200', '200']);
    await manage('DELETE', `/${key.id}`, {});
    expect(codes([await ask(one, key)])).toEqual(['NO_SECRET']);
    await clock.advance(1_000);
    expect(await everywhere(key)).toEqual(['NO_SECRET', 'NO_SECRET']);
  });

  it('with an expired key is refused, at the very instant', async () => {
    const key = await create({ expires_at: new Date(clock.now() + 500).toISOString() });
    await clock.advance(499);
    expect(await everywhere(key)).toEqual(['200', '200']);
    await clock.advance(1);
    expect(await everywhere(key)).toEqual(['NO_SECRET', 'NO_SECRET']);
  });

  it('learns the same about a revoked, an expired and an unknown key', async () => {
    const [revoked, expired] = [await create(), await create({ expires_at: new Date(clock.now() + 1).toISOString() })];
    await manage('DELETE', `/${revoked.id}`, {});
    await clock.advance(1);
    const unknown = { ...revoked, id: revoked.id.replace(/.$/, (last) => (last === '0' ? '1' : '0')) };
    const bodies = await Promise.all([revoked, expired, unknown].map((key) => ask(one, key)));
    const said = bodies.map(({ body }) => body.replaceAll(/"(request|trace)_id":"[^"]*"/g, ''));
    expect(new Set(said).size).toBe(1);
  });
});

describe('a rotation', () => {
  it('lets both secrets sign on every instance, until the overlap is over', async () => {
    const former = await create();
    expect(await everywhere(former)).toEqual(['200', '200']);
    const current = await rotate(former.id, 60);
    await clock.advance(1_000);
    expect([...(await everywhere(former)), ...(await everywhere(current))]).toEqual(['200', '200', '200', '200']);
    await clock.advance(58_999);
    expect(codes([await ask(other, former)])).toEqual(['200']);
    await clock.advance(1);
    expect(await everywhere(former)).toEqual(['INVALID_SIGNATURE', 'INVALID_SIGNATURE']);
    expect(await everywhere(current)).toEqual(['200', '200']);
  });

  it('does not let a request pass once under each secret with one nonce', async () => {
    const former = await create();
    const current = await rotate(former.id, 60);
    const nonce = crypto.randomUUID();
    expect(codes([await ask(one, former, { nonce }), await ask(one, current, { nonce })])).toEqual([
      '200',
      'REPLAY_BLOCKED',
    ]);
  });

  it('ends the former secret at once when it should not overlap', async () => {
    const former = await create();
    await rotate(former.id, 0);
    expect(codes([await ask(one, former)])).toEqual(['INVALID_SIGNATURE']);
  });

  it('leaves two secrets at most', async () => {
    const first = await create();
    const second = await rotate(first.id, 60);
    const third = await rotate(first.id, 60);
    const answers = [await ask(one, first), await ask(one, second), await ask(one, third)];
    expect(codes(answers)).toEqual(['INVALID_SIGNATURE', '200', '200']);
  });

  it('does not bring a revoked key back, with either secret', async () => {
    const former = await create();
    const current = await rotate(former.id, 60);
    await manage('DELETE', `/${former.id}`, {});
    expect(codes([await ask(one, former), await ask(one, current)])).toEqual(['NO_SECRET', 'NO_SECRET']);
  });
});

describe('whoever reads or writes the database', () => {
  const rows = (id: string) => postgres.query(`select row_to_json(k)::text as line from api_keys k where id = '${id}'`);

  it('finds no secret that signs', async () => {
    const former = await create();
    const { secret } = await rotate(former.id, 60);
    const [row] = await rows(former.id);
    for (const text of [former.secret, secret]) {
      const raw = Buffer.from(text.slice(-43), 'base64url');
      expect(row?.['line']).toEqual(expect.stringContaining('sealed_secret'));
      for (const spelled of [text.slice(-43), raw.toString('hex'), Buffer.from(text).toString('hex')]) {
        expect(row?.['line']).not.toContain(spelled);
      }
    }
  });

  it.each([
    ['the sealed secret of a key of their own', 'sealed_secret = (select sealed_secret from api_keys where id = $own)'],
    ['another tenant', "tenant_id = 'globex'"],
    ['a changed byte', 'sealed_secret = set_byte(sealed_secret, 40, (get_byte(sealed_secret, 40) + 1) % 256)'],
    ['a truncated secret', 'sealed_secret = substring(sealed_secret for 20)'],
    ['an empty secret', "sealed_secret = ''"],
    ['no secret', 'sealed_secret = null'],
  ])('gets nowhere with %s', async (_title, change) => {
    const [victim, own] = [await create(), await create({}, keys.foreign)];
    await postgres.query(`update api_keys set ${change.replace('$own', `'${own.id}'`)} where id = '${victim.id}'`);
    expect(codes([await ask(one, victim), await ask(one, { id: victim.id, secret: own.secret })])).toEqual([
      'NO_SECRET',
      'NO_SECRET',
    ]);
  });

  it('cannot use a key on a service with another sealing key', async () => {
    expect(codes([await ask(stranger, await create())])).toEqual(['NO_SECRET']);
  });

  it('does not stop the current secret by damaging the former one', async () => {
    const former = await create();
    const current = await rotate(former.id, 60);
    await postgres.query(`update api_keys set previous_sealed = '\\x00' where id = '${former.id}'`);
    expect(codes([await ask(one, former), await ask(one, current)])).toEqual(['INVALID_SIGNATURE', '200']);
  });
});
