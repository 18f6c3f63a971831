import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { openPglite } from '../../../test/support/pglite.ts';
import { QuietLog } from '../../../test/support/quiet-log.ts';
import { until } from '../../../test/support/until.ts';
import { UsageRecords } from './usage-records.service.js';

const directory = mkdtempSync(path.join(tmpdir(), 'countersign-usage-'));
let database: Sql;
beforeAll(async () => {
  database = await openPglite(directory, 30_000);
});
afterAll(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Counts transactions, and can be away. */
class WatchedSql extends Sql {
  readonly kind = 'pglite';
  transactions = 0;
  away = false;

  override tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    this.transactions += 1;
    return this.away ? Promise.reject(new AppError('DEPENDENCY_UNAVAILABLE')) : database.tenant(tenantId, work);
  }

  override system = database.system.bind(database);
  override ping = database.ping.bind(database);
  override close = async (): Promise<void> => undefined;
}

const endsAt = Date.UTC(2026, 0, 2);
const usage = { model: 'm', inputTokens: 10, outputTokens: 1, cost: 5, endsAt };

function world(tenantId: string) {
  const sql = new WatchedSql();
  const clock = new FakeClock();
  const records = new UsageRecords(sql, clock, new QuietLog());
  const owner = { id: 'key_1', tenantId };
  return { sql, clock, records, owner, spent: () => records.spent(owner, 'tenant', endsAt) };
}

describe('the record of what calls cost', () => {
  it('takes the calls that end during one transaction with the next', async () => {
    const { sql, records, owner, spent } = world('together');
    const added = Array.from({ length: 50 }, (_, at) => records.add({ ...owner, id: `key_${at % 3}` }, usage));
    await Promise.all(added);
    expect(sql.transactions).toBeLessThan(4);
    expect(await spent()).toEqual({ tokens: 550, cost: 250 });
    expect(await records.spent(owner, 'principal', endsAt)).toEqual({ tokens: 17 * 11, cost: 17 * 5 });
  });

  it('keeps tenants, days and models apart', async () => {
    const { records, owner, spent } = world('apart');
    const other = world('other');
    const nextDay = { ...usage, endsAt: endsAt + 86_400_000 };
    await Promise.all([
      records.add(owner, usage),
      records.add(owner, nextDay),
      records.add(owner, { ...usage, model: '' }),
    ]);
    await other.records.add(other.owner, usage);
    expect(await spent()).toEqual({ tokens: 22, cost: 10 });
    expect(await records.spent(owner, 'tenant', nextDay.endsAt)).toEqual({ tokens: 11, cost: 5 });
    expect(await other.spent()).toEqual({ tokens: 11, cost: 5 });
  });

  it('takes whatever a provider calls its model', async () => {
    const { records, owner, spent } = world('names');
    const names = ['', '{}', '{"a","b"}', 'NULL', "it's", 'a\\"b', 'größer 🍵', 'half \ud83c', 'm\n, (x)'];
    expect(await Promise.all(names.map((model) => records.add(owner, { ...usage, model })))).not.toContain(undefined);
    expect(await spent()).toEqual({ tokens: 11 * names.length, cost: 5 * names.length });
  });

  it('gathers what nobody waits for, and is written before the process ends', async () => {
    const { sql, clock, records, owner, spent } = world('soon');
    for (let at = 0; at < 10; at++) void records.add(owner, usage, 'soon');
    await clock.advance(10);
    expect(sql.transactions).toBe(0);
    const ended = records.onModuleDestroy();
    await clock.advance(1_000);
    await ended;
    expect(sql.transactions).toBe(1);
    expect(await spent()).toEqual({ tokens: 110, cost: 50 });
  });

  it('is made later when it cannot be made now, and holds up nobody meanwhile', async () => {
    const { sql, clock, records, owner, spent } = world('later');
    sql.away = true;
    expect(await Promise.all([records.add(owner, usage), records.add(owner, usage)])).toEqual([undefined, undefined]);
    sql.away = false;
    expect(await records.add(owner, usage)).toBe(clock.now());
    await clock.advance(60_000);
    await until('both are recorded', async () => (await spent()).tokens === 33);
  });
});
