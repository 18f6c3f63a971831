import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, isUniqueViolation, type Sql, type Tx } from '#src/storage/index.js';

export type SqlCheck = (store: Sql) => Promise<void>;

const runs = pgTable('runs', { id: text('id'), tenantId: text('tenant_id'), kind: text('kind') });
const archives = pgTable('stream_archives', { id: text('stream_id'), frames: bytea('frames') });

const name = (what: string): string => `${what}-${randomUUID()}`;

const newRun = (tenant: string, id: string) =>
  sql`INSERT INTO runs (id, tenant_id, principal_id, kind, status, request_sha256, instance, created_at)
    VALUES (${id}, ${tenant}, 'principal', 'draft', 'running', 'hash', 'instance', now())`;

const insertRun = (tx: Tx, tenant: string, id: string): Promise<unknown> => tx.execute(newRun(tenant, id));

const addRun = async (store: Sql, tenant: string): Promise<string> => {
  const id = name('run');
  await store.tenant(tenant, (tx) => insertRun(tx, tenant, id));
  return id;
};

const runIds = async (tx: Tx): Promise<readonly (string | null)[]> =>
  (await tx.select({ id: runs.id }).from(runs)).map(({ id }) => id);

const systemKnows = async (store: Sql, id: string): Promise<boolean> => (await store.system(runIds)).includes(id);

/** What a query of one row and column `v` answers. */
async function value(tx: Tx, query: ReturnType<typeof sql>): Promise<unknown> {
  const [row] = await tx.select({ v: sql`(${query})` }).from(sql`(SELECT 1) AS one`);
  return row?.v;
}

/** Begin, end and what lies between. */
const transactions: Readonly<Record<string, SqlCheck>> = {
  'commits when the work resolves, and passes on its result': async (store) => {
    const id = name('run');
    assert.equal(await store.tenant('a', (tx) => insertRun(tx, 'a', id).then(() => 'done')), 'done');
    assert.equal(await systemKnows(store, id), true);
  },

  'keeps nothing when the work rejects, and passes its error unchanged': async (store) => {
    const id = name('run');
    const failure = new Error('work failed');
    const work = async (tx: Tx): Promise<void> => {
      await insertRun(tx, 'a', id);
      throw failure;
    };
    await assert.rejects(store.tenant('a', work), (error) => error === failure);
    await assert.rejects(store.system(work), (error) => error === failure);
    assert.equal(await systemKnows(store, id), false);
  },

  'keeps nothing, and says so, when the work swallowed a failed statement': async (store) => {
    const id = name('run');
    const work = async (tx: Tx): Promise<void> => {
      await insertRun(tx, 'a', id);
      await tx.execute(sql`SELECT 1 / 0`).catch(() => undefined);
    };
    await assert.rejects(store.tenant('a', work), /rolled back/);
    assert.equal(await systemKnows(store, id), false);
  },

  'rolls a nested transaction back alone': async (store) => {
    const [outer, inner] = [name('run'), name('run')];
    await store.tenant('a', async (tx) => {
      await insertRun(tx, 'a', outer);
      const nested = tx.transaction(async (deeper) => {
        await insertRun(deeper, 'a', inner);
        throw new Error('only this');
      });
      await assert.rejects(nested, /only this/);
    });
    assert.deepEqual([await systemKnows(store, outer), await systemKnows(store, inner)], [true, false]);
  },

  'refuses statements that arrive after the transaction': async (store) => {
    const id = name('run');
    let leaked: Tx | undefined;
    await store.tenant('a', async (tx) => {
      leaked = tx;
    });
    if (leaked === undefined) assert.fail('The work did not run');
    await assert.rejects(insertRun(leaked, 'a', id));
    assert.equal(await systemKnows(store, id), false);
  },

  'loses no update when many transactions run at the same time': async (store) => {
    const id = await addRun(store, 'a');
    const count = (tx: Tx) =>
      tx.execute(sql`UPDATE runs SET usage = to_jsonb(coalesce((usage)::int, 0) + 1) WHERE id = ${id}`);
    await Promise.all(Array.from({ length: 20 }, () => store.tenant('a', count)));
    assert.equal(Number(await store.system((tx) => value(tx, sql`SELECT usage::int FROM runs WHERE id = ${id}`))), 20);
  },

  'is usable again after every kind of failure': async (store) => {
    await store.tenant('a', (tx) => tx.execute(sql`no such statement`)).catch(() => undefined);
    await store.system((tx) => tx.execute(sql`SELECT 1 / 0`)).catch(() => undefined);
    assert.ok((await store.ping()) >= 0);
  },

  'reports a row that exists already, without its values': async (store) => {
    const id = await addRun(store, 'a');
    const again = (tx: Tx): Promise<unknown> => insertRun(tx, 'a', id);
    await assert.rejects(store.tenant('a', again), (error) => isUniqueViolation(error) && !String(error).includes(id));
    await store.tenant('a', (tx) =>
      tx.transaction(again).catch((error: unknown) => assert.equal(isUniqueViolation(error), true)),
    );
    assert.equal(isUniqueViolation(new Error('another')), false);
  },

  'gives bytes back as bytes': async (store) => {
    const id = name('strm');
    const every = Uint8Array.from({ length: 256 }, (_, at) => at);
    const frames = await store.tenant('a', async (tx) => {
      await tx.execute(sql`INSERT INTO stream_archives
        (stream_id, tenant_id, principal_id, run_id, first_seq, last_seq, frames, finished_at, expires_at)
        VALUES (${id}, 'a', 'p', 'r', 1, 1, ''::bytea, now(), now())`);
      await tx.update(archives).set({ frames: every }).where(eq(archives.id, id));
      const [row] = await tx.select({ frames: archives.frames }).from(archives).where(eq(archives.id, id));
      return row?.frames;
    });
    assert.ok(frames instanceof Uint8Array || Buffer.isBuffer(frames));
    assert.deepEqual([...frames], [...every]);
  },
};

const seenAlone = async (store: Sql, tenant: string): Promise<readonly unknown[]> =>
  (await store.statement(tenant, sql`SELECT id FROM runs`)).map(({ id }) => id);

/** A statement that is a transaction by itself. */
const statements: Readonly<Record<string, SqlCheck>> = {
  'commits a statement that comes alone, and answers its rows': async (store) => {
    const [tenant, id] = [name('mine'), name('run')];
    assert.deepEqual(await store.statement(tenant, newRun(tenant, id)), []);
    assert.deepEqual(await store.statement(tenant, sql`SELECT id, kind FROM runs WHERE id = ${id}`), [
      { id, kind: 'draft' },
    ]);
    assert.equal(await systemKnows(store, id), true);
  },

  'keeps nothing of a statement that fails half way, and says why without its values': async (store) => {
    const [tenant, id, other] = [name('mine'), name('run'), name('run')];
    await store.statement(tenant, newRun(tenant, id));
    const both = sql`INSERT INTO runs SELECT CASE WHEN made = 2 THEN ${id} ELSE ${other} END, tenant_id, principal_id, kind,
      status, stream_id, request_sha256, result, problem, usage, instance, created_at, finished_at
      FROM runs, generate_series(1, 2) AS made WHERE id = ${id} ORDER BY made`;
    await assert.rejects(
      store.statement(tenant, both),
      (error) => isUniqueViolation(error) && !String(error).includes(id),
    );
    assert.equal(await systemKnows(store, other), false);
  },

  'shows and gives a statement that comes alone rows of its tenant only': async (store) => {
    const [mine, other] = [name('mine'), name('other')];
    const id = await addRun(store, mine);
    const others = await addRun(store, other);
    assert.deepEqual(await seenAlone(store, mine), [id]);
    await store.statement(mine, sql`UPDATE runs SET kind = 'taken'`);
    await store.statement(mine, sql`DELETE FROM runs WHERE id = ${others}`);
    await assert.rejects(store.statement(mine, newRun(other, name('run'))));
    await assert.rejects(store.statement(mine, sql`SELECT * FROM signing_keys`));
    const kinds = await store.tenant(other, (tx) => tx.select({ kind: runs.kind }).from(runs));
    assert.deepEqual(kinds, [{ kind: 'draft' }]);
  },

  'takes the tenant of a statement that comes alone for a name, whatever it holds': async (store) => {
    for (const tenant of ["a'; DROP TABLE runs; --", '"', '\\', '$1', '%s', 'ünïcode', 'a'.repeat(500)]) {
      const unique = `${tenant}${randomUUID()}`;
      const id = await addRun(store, unique);
      assert.deepEqual(await seenAlone(store, unique), [id]);
    }
    await assert.rejects(seenAlone(store, ''), RangeError);
    await assert.rejects(seenAlone(store, 'a\0b'), RangeError);
  },

  'remembers no tenant after a statement that came alone, also after one that failed': async (store) => {
    const mine = name('mine');
    await addRun(store, mine);
    for (let round = 0; round < 10; round++) {
      await seenAlone(store, mine);
      await assert.rejects(store.statement(mine, sql`SELECT 1 / 0`));
      const left = await store.system((tx) =>
        value(tx, sql`SELECT coalesce(current_setting('app.tenant_id', true), '') || current_user`),
      );
      assert.equal(left, await store.system((tx) => value(tx, sql`SELECT session_user::text`)));
    }
  },

  'keeps statements of tenants apart that come at the same time, among transactions': async (store) => {
    const tenants = Array.from({ length: 20 }, () => name('tenant'));
    const ids = await Promise.all(tenants.map((tenant) => addRun(store, tenant)));
    const seen = await Promise.all(
      tenants.map((tenant, at) => (at % 3 === 0 ? store.tenant(tenant, runIds) : seenAlone(store, tenant))),
    );
    assert.deepEqual(
      seen,
      ids.map((id) => [id]),
    );
  },
};

/** Who sees what. */
const isolation: Readonly<Record<string, SqlCheck>> = {
  'shows a tenant its own rows only': async (store) => {
    const [mine, other] = [name('mine'), name('other')];
    const id = await addRun(store, mine);
    await addRun(store, other);
    assert.deepEqual(await store.tenant(mine, runIds), [id]);
  },

  'shows the system the rows of every tenant': async (store) => {
    const ids = [await addRun(store, name('one')), await addRun(store, name('two'))];
    const seen = await store.system(runIds);
    assert.ok(ids.every((id) => seen.includes(id)));
  },

  'lets no tenant add a row for another': async (store) => {
    const id = name('run');
    await assert.rejects(store.tenant(name('mine'), (tx) => insertRun(tx, 'other', id)));
    assert.equal(await systemKnows(store, id), false);
  },

  'lets no tenant give its row to another': async (store) => {
    const mine = name('mine');
    const id = await addRun(store, mine);
    await assert.rejects(store.tenant(mine, (tx) => tx.update(runs).set({ tenantId: 'other' }).where(eq(runs.id, id))));
    assert.deepEqual(await store.tenant(mine, runIds), [id]);
  },

  'lets no tenant change or remove rows of another': async (store) => {
    const other = name('other');
    const id = await addRun(store, other);
    await store.tenant(name('mine'), async (tx) => {
      await tx.update(runs).set({ kind: 'taken' }).where(eq(runs.id, id));
      await tx.delete(runs).where(eq(runs.id, id));
    });
    const kinds = await store.tenant(other, (tx) => tx.select({ kind: runs.kind }).from(runs));
    assert.deepEqual(kinds, [{ kind: 'draft' }]);
  },

  'lets no tenant read what belongs to the system': async (store) => {
    for (const table of ['signing_keys', 'schema_migrations']) {
      await assert.rejects(store.tenant('a', (tx) => tx.execute(sql`SELECT * FROM ${sql.identifier(table)}`)));
    }
  },

  'takes a tenant id for a name, whatever it holds': async (store) => {
    for (const tenant of ["a'; DROP TABLE runs; --", '"', '\\', '$1', '%s', 'ünïcode', 'a'.repeat(500)]) {
      const unique = `${tenant}${randomUUID()}`;
      const id = await addRun(store, unique);
      assert.deepEqual(await store.tenant(unique, runIds), [id]);
    }
  },

  'refuses a tenant without a name': async (store) => {
    await assert.rejects(store.tenant('', runIds), RangeError);
    await assert.rejects(store.tenant('a\0b', runIds), RangeError);
  },

  'keeps tenants apart that work at the same time': async (store) => {
    const tenants = Array.from({ length: 20 }, () => name('tenant'));
    const ids = await Promise.all(tenants.map((tenant) => addRun(store, tenant)));
    const seen = await Promise.all(tenants.map((tenant) => store.tenant(tenant, runIds)));
    assert.deepEqual(
      seen,
      ids.map((id) => [id]),
    );
  },

  'remembers no tenant after the transaction': async (store) => {
    const mine = name('mine');
    await addRun(store, mine);
    for (let round = 0; round < 10; round++) {
      const left = await store.system((tx) =>
        value(tx, sql`SELECT coalesce(current_setting('app.tenant_id', true), '')`),
      );
      assert.equal(left, '');
      assert.ok((await store.system(runIds)).length > 0);
    }
  },

  'guards every table that has a tenant, and grants nothing on one that has none': async (store) => {
    const unguarded = sql`SELECT count(*)::int FROM pg_class t
      JOIN pg_namespace n ON n.oid = t.relnamespace
      LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id'
      WHERE t.relkind IN ('r', 'p') AND n.nspname = current_schema()
        AND CASE WHEN a.attname IS NULL
          THEN has_table_privilege('countersign_app', t.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
          ELSE NOT t.relrowsecurity
            OR has_table_privilege('countersign_app', t.oid, 'TRUNCATE')
            OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polcmd = '*'
              AND pg_get_expr(p.polqual, p.polrelid) LIKE '%app.tenant_id%'
              AND pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%app.tenant_id%') END`;
    assert.equal(Number(await store.system((tx) => value(tx, unguarded))), 0);
  },
};

/** Every promise of the `Sql` port, by its sentence. */
export const sqlContract: Readonly<Record<string, SqlCheck>> = { ...transactions, ...statements, ...isolation };
