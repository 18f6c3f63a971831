import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { SqlRecords, type TenantBounds } from '#src/idempotency/adapters/sql-records.js';
import { LEASE_MS } from '#src/idempotency/claim.policy.js';
import type { Held } from '#src/idempotency/records.port.js';
import type { Sql } from '#src/storage/index.js';
import { FakeClock } from '../support/fake-clock.ts';
import { type RecordsSubject, recordsContract } from './records.contract.ts';

const DAY_MS = 86_400_000;

interface SqlSubject extends RecordsSubject {
  readonly records: SqlRecords;
  readonly clock: FakeClock;
}

/** Records in a database, with a clock of their own. */
export function sqlSubject(store: Sql, bounds?: TenantBounds): SqlSubject {
  const clock = new FakeClock();
  return { records: new SqlRecords(store, clock, bounds), clock, leaseMs: LEASE_MS, pass: (ms) => clock.advance(ms) };
}

export const held = (tenantId: string, fingerprint = 'f'): Held => ({
  name: { tenantId, id: randomUUID(), fingerprint },
  holder: randomUUID(),
});
export const again = ({ name }: Held): Held => ({ name, holder: randomUUID() });

const rows = (store: Sql, tenant: string): Promise<readonly string[]> =>
  store.tenant(tenant, async (tx) => {
    const found = await tx.select({ id: sql<string>`id` }).from(sql`idempotency_records`);
    return found.map(({ id }) => id);
  });

async function answered(subject: SqlSubject, tenant: string, bytes: number): Promise<string> {
  const one = held(tenant);
  await subject.records.claim(one);
  await subject.records.keep(one, Buffer.alloc(bytes));
  await subject.pass(1);
  return one.name.id;
}

/** What durable records promise beyond the contract. */
const durable: Readonly<Record<string, (store: Sql) => Promise<void>>> = {
  'keeps answers while their holders are renewed, in any order': async (store) => {
    const { records } = sqlSubject(store);
    const all = Array.from({ length: 50 }, () => held('acme'));
    await Promise.all(all.map((each) => records.claim(each)));
    const renewals = Array.from({ length: 10 }, () => records.renew(all.toReversed()));
    await Promise.all([...renewals, ...all.map((each) => records.keep(each, Buffer.from(each.name.id)))]);
    const found = await Promise.all(all.map((each) => records.claim(again(each))));
    assert.deepEqual(
      found.map((each) => each.state === 'stored' && Buffer.from(each.answer).toString()),
      all.map(({ name }) => name.id),
    );
  },

  'tells another request under the same name, running or answered': async (store) => {
    const { records } = sqlSubject(store);
    const first = held('acme');
    const other = { ...again(first), name: { ...first.name, fingerprint: 'g' } };
    await records.claim(first);
    assert.equal((await records.claim(other)).state, 'mismatch');
    await records.keep(first, Buffer.from('x'));
    assert.equal((await records.claim(other)).state, 'mismatch');
  },

  'keeps an answer for a day and no longer': async (store) => {
    const { records, clock } = sqlSubject(store);
    const first = held('acme');
    await records.claim(first);
    await records.keep(first, Buffer.from('x'));
    await clock.advance(DAY_MS - 1);
    assert.equal((await records.claim(again(first))).state, 'stored');
    await clock.advance(1);
    assert.equal((await records.claim(again(first))).state, 'mine');
    assert.equal((await records.claim(again(first))).state, 'running');
  },

  'sweeps what has expired, never what still runs': async (store) => {
    const subject = sqlSubject(store);
    const tenant = `swept-${randomUUID()}`;
    const long = held(tenant);
    await subject.records.claim(long);
    await answered(subject, tenant, 1);
    await subject.pass(DAY_MS + 1);
    await subject.records.renew([long]);
    const young = await answered(subject, tenant, 1);
    await subject.records.sweep();
    assert.deepEqual([...(await rows(store, tenant))].sort(), [long.name.id, young].sort());
  },

  'keeps the newest answers of a tenant that has too many, and the requests that run': async (store) => {
    const subject = sqlSubject(store, { records: 3, bytes: 1_000_000 });
    const [many, few] = [`many-${randomUUID()}`, `few-${randomUUID()}`];
    const oldest = held(many);
    await subject.records.claim(oldest);
    await subject.pass(1);
    const ids: string[] = [];
    for (let at = 0; at < 5; at++) ids.push(await answered(subject, many, 1));
    const other = await answered(subject, few, 1);
    await subject.records.sweep();
    assert.deepEqual([...(await rows(store, many))].sort(), [oldest.name.id, ...ids.slice(2)].sort());
    assert.deepEqual(await rows(store, few), [other]);
  },

  'keeps no more bytes of a tenant than agreed': async (store) => {
    const subject = sqlSubject(store, { records: 100, bytes: 2_500 });
    const tenant = `large-${randomUUID()}`;
    const ids: string[] = [];
    for (let at = 0; at < 4; at++) ids.push(await answered(subject, tenant, 1_000));
    await subject.records.sweep();
    assert.deepEqual([...(await rows(store, tenant))].sort(), ids.slice(2).sort());
  },
};

/** The contract and what is durable about it, each with a clock of its own. */
export const sqlRecordsChecks: Readonly<Record<string, (store: Sql) => Promise<void>>> = {
  ...Object.fromEntries(
    Object.entries(recordsContract).map(([title, check]) => [title, (store: Sql) => check(sqlSubject(store))]),
  ),
  ...durable,
};
