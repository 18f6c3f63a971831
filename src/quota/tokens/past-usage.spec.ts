import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { hotStore } from '../../../test/support/ledger-world.ts';
import { QuietLog } from '../../../test/support/quiet-log.ts';
import { NoSql } from '../../../test/support/stream-world.ts';
import { PastUsage } from './past-usage.service.js';
import { accountsOf, type DayPlan } from './token-standing.policy.js';
import type { Spend } from './token-usage.policy.js';
import { UsageRecords } from './usage-records.service.js';

const LIMIT = 1_000;
const SPENT = 300;
const owner = { id: 'key_1', tenantId: 'acme' };

/** A record that answers when it is told to. */
class SlowRecords extends UsageRecords {
  readonly answer = Promise.withResolvers<Spend>();
  asked = 0;

  override spent(): Promise<Spend> {
    this.asked += 1;
    return this.answer.promise;
  }
}

function world(cost?: DayPlan) {
  const tokens = { principal: LIMIT, tenant: LIMIT };
  const accounts = accountsOf(owner, cost === undefined ? { tokens } : { tokens, cost });
  const keys = accounts.map(({ key }) => key);
  const clock = new FakeClock();
  const log = new QuietLog();
  const hot = hotStore(clock);
  const records = new SlowRecords(new NoSql(), clock, log);
  const past = new PastUsage(records, clock, log);
  const tally = () => {
    const { tally: told } = hot.spend([], 0, keys);
    if (told === undefined) throw new Error('The tally was asked for');
    return told;
  };
  const tell = () => past.tell({ hot, processes: 1 }, owner, accounts, tally());
  const settled = () => tally().accounts.map((account) => account.settled);
  return { clock, records, tell, settled };
}

describe('what was spent before an account was made', () => {
  it('is asked for once, and told to all who wait for it', async () => {
    const { records, tell } = world();
    const told = [tell(), tell()];
    records.answer.resolve({ tokens: SPENT, cost: 0 });
    for (const { accounts: standings } of await Promise.all(told)) expect(standings[0]?.settled).toBe(SPENT);
    expect(records.asked).toBe(2);
  });

  it('keeps nobody waiting when the record does not answer, and is told as soon as it does', async () => {
    const { clock, records, tell, settled } = world();
    const first = tell();
    await clock.advance(250);
    expect((await first).accounts[0]?.settled).toBe(0);
    expect((await tell()).accounts[0]?.settled).toBe(0);
    records.answer.resolve({ tokens: SPENT, cost: 0 });
    await clock.advance(1);
    expect(settled()).toEqual([SPENT, SPENT]);
  });

  it('is told to accounts of money in money', async () => {
    const { records, tell, settled } = world({ principal: LIMIT, tenant: LIMIT });
    const told = tell();
    records.answer.resolve({ tokens: SPENT, cost: 2 * SPENT });
    await told;
    expect(settled()).toEqual([SPENT, SPENT, 2 * SPENT, 2 * SPENT]);
  });

  it('is unknown when the record cannot be read', async () => {
    const { records, tell } = world();
    records.answer.reject(new Error('away'));
    expect((await tell()).accounts[0]?.settled).toBe(0);
  });
});
