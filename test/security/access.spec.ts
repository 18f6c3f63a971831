import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { readRoles } from '../../src/auth/adapters/roles-file.ts';
import type { ApiKeyList, IssuedKey } from '../../src/auth/keys.schema.ts';
import { KeysService } from '../../src/auth/keys.service.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';

interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

let server: TestApp;
let document: OpenAPIObject;
let operations: readonly Operation[];

beforeAll(async () => {
  server = await startApp();
  document = (await server.inject({ method: 'GET', url: '/documentation/json' })).json<OpenAPIObject>();
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    (['get', 'post', 'patch', 'delete'] as const).flatMap((verb) => {
      const operation = item[verb];
      if (operation === undefined) return [];
      const method = verb.toUpperCase() as Operation['method'];
      const url = path.replaceAll(/\{[^}]+\}/g, 'key_0199c0de-0000-7000-8000-0123456789ab');
      return [{ name: `${method} ${path}`, method, url, security: operation.security ?? [] }];
    }),
  );
});
afterAll(async () => server[Symbol.asyncDispose]());

const send = ({ method, url }: Operation, key?: string) =>
  server.inject({
    method,
    url,
    headers: key === undefined ? {} : bearer(key),
    ...(method === 'POST' ? { payload: {} } : {}),
  });
const isPublic = ({ security }: Operation): boolean => security.some((way) => Object.keys(way).length === 0);
/** `undefined`: whoever is known may call. */
const scopeOf = ({ security }: Operation): string | undefined => Object.values(security[0] ?? {})[0]?.[0];

const createKey = async (admin: string, name: string): Promise<IssuedKey> => {
  const payload = { name, kind: 'api', roles: ['admin'] };
  return (await server.inject({ method: 'POST', url: '/v1/keys', headers: bearer(admin), payload })).json<IssuedKey>();
};

describe('every documented operation', () => {
  it('states its rule', () => {
    expect(operations.length).toBeGreaterThan(4);
    expect(operations.filter(({ security }) => security.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('names only ways to authenticate that the document defines', () => {
    const defined = Object.keys(document.components?.securitySchemes ?? {});
    const named = operations.flatMap(({ security }) => security.flatMap((way) => Object.keys(way)));
    expect(named.filter((name) => !defined.includes(name))).toEqual([]);
  });

  it('needs a scope that some role grants, but for the one that is for every caller', () => {
    const granted = readRoles().allScopes();
    const closed = operations.filter((operation) => !isPublic(operation));
    const needed = closed.map(scopeOf).filter((scope) => scope !== undefined);
    expect(needed.filter((scope) => !granted.includes(scope))).toEqual([]);
    const forEverybody = closed.filter((operation) => scopeOf(operation) === undefined);
    expect(forEverybody.map(({ name }) => name)).toEqual(['GET /v1/status']);
  });

  it('refuses a caller without a credential unless it is public', async () => {
    const answers = await Promise.all(
      operations
        .filter((operation) => !isPublic(operation))
        .map(async (operation) => {
          const response = await send(operation);
          return { name: operation.name, status: response.statusCode, code: response.json<{ code: string }>().code };
        }),
    );
    expect(answers.filter(({ code }) => code !== 'UNAUTHENTICATED')).toEqual([]);
  });

  it('refuses each role that does not hold its scope', async () => {
    const roles = readRoles();
    const wrong: string[] = [];
    for (const operation of operations.filter((candidate) => !isPublic(candidate))) {
      for (const role of ['user', 'reviewer', 'approver', 'auditor'] as const) {
        const scope = scopeOf(operation);
        if (scope === undefined || roles.scopesOf([role]).has(scope)) continue;
        const { statusCode } = await send(operation, keys[role]);
        if (statusCode !== 403) wrong.push(`${operation.name} answers ${statusCode} to ${role}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('the status of the service', () => {
  const shownTo = async (role: keyof typeof keys): Promise<string[]> =>
    Object.keys((await server.inject({ method: 'GET', url: '/v1/status', headers: bearer(keys[role]) })).json());

  it('is told in detail to those alone who hold the scope for it', async () => {
    const summary = ['status', 'version', 'uptime_seconds', 'degraded'];
    for (const role of ['user', 'reviewer', 'approver'] as const) expect(await shownTo(role)).toEqual(summary);
    const detail = ['requests', 'sql', 'redis', 'jwks', 'models', 'prompt_cache', 'fail_modes'];
    for (const role of ['auditor', 'admin'] as const)
      expect((await shownTo(role)).toSorted()).toEqual([...summary, ...detail].toSorted());
  });
});

describe('another tenant', () => {
  it('finds a key neither to rotate nor to revoke, as if it did not exist', async () => {
    const mine = await createKey(keys.admin, 'mine');
    const headers = bearer(keys.foreign);
    const answers = [
      await server.inject({ method: 'DELETE', url: `/v1/keys/${mine.id}`, headers }),
      await server.inject({ method: 'POST', url: `/v1/keys/${mine.id}/rotate`, headers }),
      await server.inject({ method: 'DELETE', url: '/v1/keys/key_0199c0de-0000-7000-8000-0123456789ab', headers }),
    ].map((response) => response.json<{ status: number; detail: string }>());
    expect(answers.map(({ status, detail }) => ({ status, detail }))).toEqual(
      Array.from({ length: 3 }, () => ({ status: 404, detail: 'No such key' })),
    );
    expect((await server.inject({ method: 'GET', url: '/v1/keys', headers: bearer(mine.secret) })).statusCode).toBe(
      200,
    );
  });

  it('lists none of the keys, and knows no cursor of this tenant', async () => {
    await createKey(keys.admin, 'first');
    await createKey(keys.admin, 'second');
    const page = await server.inject({ method: 'GET', url: '/v1/keys?limit=1', headers: bearer(keys.admin) });
    const { next_cursor } = page.json<ApiKeyList>();
    const headers = bearer(keys.foreign);
    const listed = await server.inject({ method: 'GET', url: '/v1/keys?limit=100', headers });
    expect(listed.json<ApiKeyList>().data).toEqual([]);
    const continued = await server.inject({ method: 'GET', url: `/v1/keys?limit=100&cursor=${next_cursor}`, headers });
    expect(continued.json()).toMatchObject({ status: 404, code: 'NOT_FOUND', detail: 'No such cursor' });
  });

  it('is where a key stays that was made there', async () => {
    const theirs = await createKey(keys.foreign, 'theirs');
    const listed = await server.inject({ method: 'GET', url: '/v1/keys', headers: bearer(theirs.secret) });
    expect(listed.json<ApiKeyList>().data.map(({ id }) => id)).toEqual([theirs.id]);
    await server.inject({ method: 'DELETE', url: `/v1/keys/${theirs.id}`, headers: bearer(keys.foreign) });
  });
});

describe('a caller with few scopes', () => {
  const clerk: Principal = {
    id: 'key_clerk',
    tenantId: 'acme',
    roles: [],
    scopes: new Set(['keys:manage', 'models:read', 'streams:read', 'status:read', 'limits:read', 'redactions:preview']),
    method: 'api_key',
  };
  const service = () => server.app.get(KeysService, { strict: false });

  it('grants what it holds', async () => {
    const made = await service().create(clerk, { name: 'n', kind: 'api', roles: ['auditor'] });
    expect(made.roles).toEqual(['auditor']);
  });

  it.each([['admin'], ['user']] as const)('cannot make a key with role %s, which holds more', async (role) => {
    const attempt = service().create(clerk, { name: 'n', kind: 'api', roles: ['auditor', role] });
    await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('cannot take a stronger key over by rotating it', async () => {
    const strong = await createKey(keys.admin, 'strong');
    await expect(service().rotate(clerk, strong.id, 0)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const headers = bearer(strong.secret);
    expect((await server.inject({ method: 'GET', url: '/v1/keys', headers })).statusCode).toBe(200);
  });
});
