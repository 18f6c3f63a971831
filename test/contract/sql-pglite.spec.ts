import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { Sql, type Tx } from '#src/storage/index.js';
import { makeDataDir } from '../support/data-dir.ts';
import { openPglite } from '../support/pglite.ts';
import { sqlContract } from './sql.contract.ts';

const TIMEOUT_MS = 5_000;
const START_MS = 60_000;

let directory: string;
let store: Sql;

beforeAll(async () => {
  directory = makeDataDir({});
  store = await openPglite(directory, TIMEOUT_MS);
}, START_MS);

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the embedded database', () => {
  it.each(Object.entries(sqlContract))('%s', (_title, check) => check(store));
});

/** Behaves like the real store except where a subclass says otherwise. */
class Passing extends Sql {
  readonly kind = 'pglite';
  tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return store.tenant(tenantId, work);
  }
  system<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return store.system(work);
  }
  ping(): Promise<number> {
    return store.ping();
  }
  async close(): Promise<void> {}
}

class Roleless extends Passing {
  override tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return store.system(async (tx) => {
      await tx.execute(sql`SELECT set_config('app.tenant_id', ${tenantId}, true)`);
      return work(tx);
    });
  }
}

class Trusting extends Passing {
  override tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return store.tenant(tenantId === '' ? 'default' : tenantId.replace('\0', ''), work);
  }
}

class Remembering extends Passing {
  override tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return store.tenant(tenantId, async (tx) => {
      await tx.execute(sql`SELECT set_config('app.tenant_id', ${tenantId}, false)`);
      return work(tx);
    });
  }
}

class Pasting extends Passing {
  override tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return store.system(async (tx) => {
      await tx.execute(
        sql.raw(`SELECT set_config('role', 'countersign_app', true), set_config('app.tenant_id', '${tenantId}', true)`),
      );
      return work(tx);
    });
  }
}

class Keeping extends Passing {
  override async tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const outcome = await store.tenant(tenantId, (tx) => work(tx).then((value) => () => value, raise));
    return outcome();
  }
}

class Forgetting extends Passing {
  override async tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    let result: { readonly value: T } | undefined;
    await store
      .tenant(tenantId, async (tx) => {
        result = { value: await work(tx) };
        throw new Error('never commits');
      })
      .catch((error: unknown) => (result === undefined ? raise(error)() : undefined));
    return result === undefined ? raise(new Error('no result'))() : result.value;
  }
}

class Telling extends Passing {
  override async tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    let raw: unknown;
    const remembered = (tx: Tx): Promise<T> =>
      work(tx).catch((error: unknown) => {
        raw = error;
        throw error;
      });
    return store.tenant(tenantId, remembered).catch((error: unknown) => raise(raw ?? error)());
  }
}

class Mixing extends Passing {
  private latest = '';
  override async tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    this.latest = tenantId;
    await Promise.resolve();
    return store.tenant(this.latest, work);
  }
}

const raise = (error: unknown) => (): never => {
  throw error;
};

describe('the contract of databases catches one that', () => {
  it.each<[string, new () => Sql, string]>([
    ['keeps the owner’s rights for tenants', Roleless, 'shows a tenant its own rows only'],
    ['lets tenants write anywhere', Roleless, 'lets no tenant add a row for another'],
    ['lets tenants read the system’s tables', Roleless, 'lets no tenant read what belongs to the system'],
    ['invents a tenant', Trusting, 'refuses a tenant without a name'],
    ['pastes the tenant into the statement', Pasting, 'takes a tenant id for a name, whatever it holds'],
    ['commits when the work rejects', Keeping, 'keeps nothing when the work rejects, and passes its error unchanged'],
    ['never commits', Forgetting, 'commits when the work resolves, and passes on its result'],
    ['puts values into its errors', Telling, 'reports a row that exists already, without its values'],
    ['mixes tenants up', Mixing, 'keeps tenants apart that work at the same time'],
    ['leaves the tenant set', Remembering, 'remembers no tenant after the transaction'],
  ])('%s', async (_why, kind, title) => {
    await expect(sqlContract[title]?.(new kind())).rejects.toThrow();
  });
});
