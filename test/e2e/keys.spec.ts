import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKeyList, IssuedKey } from '../../src/auth/keys.schema.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';

const DAY_MS = 86_400_000;
const UNKNOWN_ID = 'key_0199c0de-0000-7000-8000-0123456789ab';

const clock = new FakeClock();
let server: TestApp;

beforeAll(async () => {
  server = await startApp({ clock });
});
afterAll(async () => server[Symbol.asyncDispose]());

const create = (body: object, key: string = keys.admin) =>
  server.inject({ method: 'POST', url: '/v1/keys', headers: bearer(key), payload: body });
const rotate = (id: string, body?: object, key: string = keys.admin) =>
  server.inject({
    method: 'POST',
    url: `/v1/keys/${id}/rotate`,
    headers: bearer(key),
    ...(body === undefined ? {} : { payload: body }),
  });
const revoke = (id: string, key: string = keys.admin) =>
  server.inject({ method: 'DELETE', url: `/v1/keys/${id}`, headers: bearer(key) });
const list = (query = '', key: string = keys.admin) =>
  server.inject({ method: 'GET', url: `/v1/keys${query}`, headers: bearer(key) });

const newKey = async (extra: object = {}): Promise<IssuedKey> =>
  (await create({ name: 'ci', kind: 'api', roles: ['admin'], ...extra })).json<IssuedKey>();
/** The status a secret gets where an admin gets 200. */
const statusWith = async (secret: string): Promise<number> => (await list('', secret)).statusCode;

describe('POST /v1/keys', () => {
  it('answers the whole key once, and the key works', async () => {
    const response = await create({ name: ' build server ', kind: 'api', roles: ['auditor', 'admin', 'admin'] });
    expect(response.statusCode).toBe(201);
    const key = response.json<IssuedKey>();
    expect(key).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f-]{36}$/),
      name: 'build server',
      kind: 'api',
      roles: ['auditor', 'admin'],
      prefix: `cs_${key.id.slice(4).replaceAll('-', '')}`,
      status: 'active',
      created_at: new Date(clock.now()).toISOString(),
      created_by: expect.stringMatching(/^key_boot_[0-9a-f]{16}$/),
      expires_at: null,
      revoked_at: null,
      previous_until: null,
      secret: expect.stringMatching(new RegExp(`^${key.prefix}_[A-Za-z0-9_-]{43}$`)),
    });
    expect(await statusWith(key.secret)).toBe(200);
  });

  it('gives the key the roles that were asked for, and no more', async () => {
    const { secret } = await newKey({ roles: ['user'] });
    const refused = await list('', secret);
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'FORBIDDEN', detail: 'Needs the scope keys:manage' });
  });

  it('records who created a key', async () => {
    const parent = await newKey();
    const child = (await create({ name: 'child', kind: 'api', roles: ['user'] }, parent.secret)).json<IssuedKey>();
    expect(child.created_by).toBe(parent.id);
  });

  it('lets a key work until the instant it expires', async () => {
    const key = await newKey({ expires_at: new Date(clock.now() + 5_000).toISOString() });
    await clock.advance(4_999);
    expect(await statusWith(key.secret)).toBe(200);
    await clock.advance(1);
    expect(await statusWith(key.secret)).toBe(401);
    expect((await list()).json<ApiKeyList>().data.find(({ id }) => id === key.id)?.status).toBe('expired');
  });

  it.each([
    ['no name', { name: '' }, 'name'],
    ['a name of white space', { name: ' \t ' }, 'name'],
    ['a name of 101 characters', { name: 'n'.repeat(101) }, 'name'],
    ['a NUL in the name', { name: 'a\u0000b' }, 'name'],
    ['an unknown kind', { kind: 'root' }, 'kind'],
    ['no roles', { roles: [] }, 'roles'],
    ['an unknown role', { roles: ['user', 'root'] }, 'roles.1'],
    ['an inherited property as a role', { roles: ['constructor'] }, 'roles.0'],
    ['an end in the past', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['an end right now', { expires_at: '2026-01-02T03:04:05.678Z' }, 'expires_at'],
    ['an end that is no time', { expires_at: 'tomorrow' }, 'expires_at'],
    ['a tenant of the caller’s choice', { tenant_id: 'globex' }, 'tenant_id'],
  ])('refuses %s', async (_title, wrong, path) => {
    const response = await create({ name: 'ci', kind: 'api', roles: ['user'], ...wrong });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'BAD_INPUT', errors: [{ path }] });
  });

  it('answers a key that signs requests, which is no bearer key', async () => {
    const response = await create({ name: 'signer', kind: 'hmac', roles: ['admin'] });
    expect(response.statusCode).toBe(201);
    const key = response.json<IssuedKey>();
    expect(key).toMatchObject({ kind: 'hmac', secret: expect.stringMatching(/^cs_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$/) });
    expect(await statusWith(key.secret)).toBe(401);
    expect((await list('?limit=1')).json<ApiKeyList>().data[0]).toMatchObject({ id: key.id, kind: 'hmac' });
  });
});

describe('GET /v1/keys', () => {
  it('shows every key of the tenant once, newest first, page by page', async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      await clock.advance(1);
      made.unshift((await newKey({ name: `page ${index}` })).id);
    }
    const seen: string[] = [];
    for (let query = '?limit=2'; query !== ''; ) {
      const page = (await list(query)).json<ApiKeyList>();
      expect(page.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.data.map(({ id }) => id));
      query = page.next_cursor === null ? '' : `?limit=2&cursor=${page.next_cursor}`;
    }
    expect(seen.slice(0, 5)).toEqual(made);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('never shows a secret or a digest', async () => {
    const { secret } = await newKey();
    const { body } = await list('?limit=100');
    expect(body).not.toContain(secret.slice(-43));
    expect(body).not.toMatch(/secret|hash/);
  });

  it.each([
    ['a limit of 0', '?limit=0'],
    ['a limit of 101', '?limit=101'],
    ['a cursor that is no base64url', '?cursor=!!'],
    ['a cursor that names no key', `?cursor=${Buffer.from("' or 1=1 --").toString('base64url')}`],
    [
      'a cursor with an altered letter of base64url',
      `?cursor=${Buffer.from(`${'0'.repeat(16)}.key`).toString('base64url')}=`,
    ],
    ['an unknown parameter', '?tenant=globex'],
  ])('refuses %s', async (_title, query) => {
    expect((await list(query)).json()).toMatchObject({ status: 400, code: 'BAD_INPUT' });
  });
});

describe('POST /v1/keys/{id}/rotate', () => {
  it('lets the old secret work for a day when nothing is said', async () => {
    const key = await newKey();
    const response = await rotate(key.id);
    expect(response.statusCode).toBe(200);
    const rotated = response.json<IssuedKey>();
    expect(rotated).toMatchObject({
      id: key.id,
      previous_until: new Date(clock.now() + DAY_MS).toISOString(),
    });
    expect(rotated.secret).not.toBe(key.secret);
    expect(await statusWith(rotated.secret)).toBe(200);
    await clock.leap(DAY_MS - 1);
    expect(await statusWith(key.secret)).toBe(200);
    await clock.advance(1);
    expect(await statusWith(key.secret)).toBe(401);
    expect(await statusWith(rotated.secret)).toBe(200);
  });

  it('ends the old secret at once without an overlap, although it was used a moment ago', async () => {
    const key = await newKey();
    expect(await statusWith(key.secret)).toBe(200);
    const rotated = (await rotate(key.id, { overlap_seconds: 0 })).json<IssuedKey>();
    expect(rotated.previous_until).toBeNull();
    expect(await statusWith(key.secret)).toBe(401);
    expect(await statusWith(rotated.secret)).toBe(200);
  });

  it('keeps at most two secrets', async () => {
    const first = await newKey();
    const second = (await rotate(first.id)).json<IssuedKey>();
    const third = (await rotate(first.id)).json<IssuedKey>();
    const statuses = [first, second, third].map(({ secret }) => statusWith(secret));
    expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
  });

  it.each([
    ['a negative overlap', { overlap_seconds: -1 }],
    ['an overlap of more than a week', { overlap_seconds: 604_801 }],
    ['half a second', { overlap_seconds: 0.5 }],
    ['an unknown field', { overlap: 1 }],
  ])('refuses %s', async (_title, body) => {
    const key = await newKey();
    expect((await rotate(key.id, body)).json()).toMatchObject({ status: 400, code: 'BAD_INPUT' });
  });

  it('refuses to bring a revoked key back', async () => {
    const key = await newKey();
    await revoke(key.id);
    expect((await rotate(key.id)).json()).toMatchObject({ status: 409, code: 'CONFLICT' });
  });

  it('refuses to prolong an expired key', async () => {
    const key = await newKey({ expires_at: new Date(clock.now() + 1_000).toISOString() });
    await clock.advance(1_000);
    expect((await rotate(key.id)).json()).toMatchObject({ status: 409, code: 'CONFLICT' });
  });
});

describe('DELETE /v1/keys/{id}', () => {
  it('ends a key at once, although it was used a moment ago', async () => {
    const key = await newKey();
    expect(await statusWith(key.secret)).toBe(200);
    const response = await revoke(key.id);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      id: key.id,
      status: 'revoked',
      revoked_at: new Date(clock.now()).toISOString(),
    });
    expect(response.body).not.toContain('secret');
    const refused = await list('', key.secret);
    expect(refused.json()).toMatchObject({ status: 401, code: 'INVALID_API_KEY' });
  });

  it('ends both secrets of a rotated key', async () => {
    const key = await newKey();
    const rotated = (await rotate(key.id)).json<IssuedKey>();
    await revoke(key.id);
    expect(await Promise.all([statusWith(key.secret), statusWith(rotated.secret)])).toEqual([401, 401]);
  });

  it('keeps the first instant when it is repeated', async () => {
    const key = await newKey();
    const first = (await revoke(key.id)).json();
    await clock.advance(60_000);
    const second = await revoke(key.id);
    expect(second.statusCode).toBe(200);
    expect(second.json()).toEqual(first);
  });
});

describe('an id that names no key of the tenant', () => {
  it.each([
    ['is unknown', UNKNOWN_ID],
    ['is a bootstrap key', 'key_boot_0123456789abcdef'],
    ['is SQL', encodeURIComponent("key_' or '1'='1")],
    ['holds a NUL', '%00'],
    ['is a path', encodeURIComponent('../keys')],
    ['is long', 'k'.repeat(900)],
  ])('answers 404 when it %s', async (_title, id) => {
    for (const response of [await revoke(id), await rotate(id)]) {
      expect(response.json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
  });
});

describe('GET /.well-known/oauth-protected-resource', () => {
  it('tells anybody how to get in', async () => {
    const response = await server.inject({
      method: 'GET',
      url: '/.well-known/oauth-protected-resource',
      headers: { host: 'countersign.test:3101' },
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      resource: 'http://countersign.test:3101',
      bearer_methods_supported: ['header'],
      scopes_supported: expect.arrayContaining(['keys:manage', 'drafts:create']),
    });
  });

  it('is where a refused caller is sent', async () => {
    const refused = await server.inject({ method: 'GET', url: '/v1/keys', headers: { host: 'countersign.test' } });
    const [, address = ''] = /resource_metadata="([^"]*)"/.exec(String(refused.headers['www-authenticate'])) ?? [];
    expect(address).toBe('http://countersign.test/.well-known/oauth-protected-resource');
  });

  it('does not repeat a host that is none', async () => {
    const response = await server.inject({
      method: 'GET',
      url: '/.well-known/oauth-protected-resource',
      headers: { host: '"><script>' },
    });
    expect(response.statusCode).toBe(400);
    expect(response.body).not.toContain('<script>');
  });
});
