import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql as query } from 'drizzle-orm';
import { ApiKeyAuthenticator } from '#src/auth/adapters/api-key.authenticator.js';
import { readRoles } from '#src/auth/adapters/roles-file.js';
import { apiKeys } from '#src/auth/api-keys.table.js';
import { BootstrapKeys } from '#src/auth/bootstrap-keys.js';
import { KeyStore } from '#src/auth/key.store.js';
import { KeyMint } from '#src/auth/key-mint.js';
import { KeysService } from '#src/auth/keys.service.js';
import type { Principal } from '#src/auth/principal.js';
import { VerifiedSigners } from '#src/auth/signing/signer.js';
import { VerifiedCredentials } from '#src/auth/verified-credentials.js';
import { AppError, Secret, UuidIds } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import { FakeClock } from '../support/fake-clock.ts';
import { openPglite } from '../support/pglite.ts';

/** A real database whose line can be cut; counts how often it is asked across tenants. */
class CutSql extends Sql {
  readonly kind = 'pglite';
  away = false;
  lookups = 0;

  constructor(private readonly inner: Sql) {
    super();
  }

  tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.away ? gone() : this.inner.tenant(tenantId, work);
  }

  system<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.lookups += 1;
    return this.away ? gone() : this.inner.system(work);
  }

  ping(): Promise<number> {
    return this.inner.ping();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

const gone = (): Promise<never> => Promise.reject(new AppError('DEPENDENCY_UNAVAILABLE'));

const BOOTSTRAP = 'k7Jq2mZr9Xw4Tn6Vb8Lc3Hd5Fg1Sy0Pa';
const roles = readRoles();
const admin = (tenantId: string): Principal => ({
  id: 'key_root',
  tenantId,
  roles: ['admin'],
  scopes: roles.scopesOf(['admin']),
  method: 'api_key',
});

let folder: string;
let database: Sql;
let sql: CutSql;
let clock: FakeClock;
let service: KeysService;
let authenticator: ApiKeyAuthenticator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
  database = await openPglite(folder, 2_000);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  sql = new CutSql(database);
  clock = new FakeClock();
  const verified = new VerifiedCredentials(clock, 1_000);
  const store = new KeyStore(sql, verified, new VerifiedSigners(clock, 1_000));
  const bootstrap = new BootstrapKeys([new Secret(BOOTSTRAP)], roles);
  service = new KeysService(store, new KeyMint(new UuidIds(clock), randomBytes, undefined), roles, clock);
  authenticator = new ApiKeyAuthenticator({ bootstrap, store, verified, roles, clock });
});

const present = async (text: string): Promise<Principal> => authenticator.authenticate({ kind: 'api_key', text });
const create = (tenantId = 'acme') => service.create(admin(tenantId), { name: 'n', kind: 'api', roles: ['user'] });

describe('a key that was verified a moment ago', () => {
  it('costs no look-up', async () => {
    const { secret, id } = await create();
    await present(secret);
    sql.lookups = 0;
    expect(await present(secret)).toMatchObject({ id, tenantId: 'acme', roles: ['user'] });
    expect(sql.lookups).toBe(0);
  });

  it('works for a second without the database, and then cannot be judged', async () => {
    const { secret } = await create();
    await present(secret);
    sql.away = true;
    await clock.advance(999);
    expect(await present(secret)).toMatchObject({ tenantId: 'acme' });
    await clock.advance(1);
    await expect(present(secret)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    sql.away = false;
    expect(await present(secret)).toMatchObject({ tenantId: 'acme' });
  });

  it('is not pushed out by guesses', async () => {
    const { secret } = await create();
    await present(secret);
    for (let guess = 0; guess < 300; guess += 1) {
      const wrong = secret.slice(0, -43) + randomBytes(32).toString('base64url');
      await expect(present(wrong)).rejects.toMatchObject({ code: 'INVALID_API_KEY' });
    }
    sql.lookups = 0;
    await present(secret);
    expect(sql.lookups).toBe(0);
  });

  it('is looked up once for many requests at the same time', async () => {
    const { secret } = await create();
    sql.lookups = 0;
    await Promise.all(Array.from({ length: 20 }, () => present(secret)));
    expect(sql.lookups).toBe(1);
  });
});

describe('without the database', () => {
  beforeEach(() => {
    sql.away = true;
  });

  it('a key that nobody asked for lately is not called wrong', async () => {
    const unknown = `cs_${'0'.repeat(32)}_${randomBytes(32).toString('base64url')}`;
    await expect(present(unknown)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });

  it('bootstrap keys work', async () => {
    expect(await present(BOOTSTRAP)).toMatchObject({ tenantId: 'default', roles: ['user'] });
  });

  it('what is no key is refused without asking', async () => {
    await expect(present('nonsense')).rejects.toMatchObject({ code: 'INVALID_API_KEY' });
    expect(sql.lookups).toBe(0);
  });
});

describe('the database', () => {
  it('holds no secret', async () => {
    const { secret } = await create();
    const rows = await database.system((tx) => tx.select({ line: query<string>`${apiKeys}::text` }).from(apiKeys));
    const raw = Buffer.from(secret.slice(-43), 'base64url');
    const text = rows.map(({ line }) => line).join('\n');
    expect(text).toContain('acme');
    expect(text).not.toContain(raw.toString('hex'));
    expect(text).not.toContain(secret.slice(-43));
  });

  it('does not take a secret that signs requests for an API key', async () => {
    const { secret, id } = await create();
    await database.system((tx) => tx.execute(query`update api_keys set kind = 'hmac' where id = ${id}`));
    await expect(present(secret)).rejects.toMatchObject({ code: 'INVALID_API_KEY' });
  });

  it('grants nothing for a role that was removed', async () => {
    const { secret, id } = await create();
    await database.system((tx) => tx.execute(query`update api_keys set roles = array['emperor'] where id = ${id}`));
    expect(await present(secret)).toMatchObject({ roles: [], scopes: new Set() });
  });
});

describe('a tenant', () => {
  const fill = (tenantId: string, count: number) =>
    database.system((tx) =>
      tx.execute(query`
        insert into api_keys (id, tenant_id, name, kind, roles, secret_hash, created_by, created_at)
        select 'key_fill_' || ${tenantId} || n, ${tenantId}, 'n', 'api', array['user'], '\\x00', 'test', now()
        from generate_series(1, ${count}::int) n`),
    );

  it('has at most 1,000 live keys, however many callers race for the last one', async () => {
    await fill('crowded', 998);
    const race = await Promise.allSettled(Array.from({ length: 6 }, () => create('crowded')));
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await expect(create('crowded')).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('gets room when a key is revoked or expires', async () => {
    await fill('full', 999);
    const request = { name: 'n', kind: 'api' as const, roles: ['user' as const] };
    const expiresAt = new Date(clock.now() + 1_000).toISOString();
    await service.create(admin('full'), { ...request, expires_at: expiresAt });
    await expect(create('full')).rejects.toMatchObject({ code: 'CONFLICT' });
    await clock.advance(1_000);
    const made = await create('full');
    await expect(create('full')).rejects.toMatchObject({ code: 'CONFLICT' });
    await service.revoke(admin('full'), made.id);
    expect((await create('full')).status).toBe('active');
  });
});
