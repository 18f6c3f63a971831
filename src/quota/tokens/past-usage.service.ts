import { Injectable } from '@nestjs/common';
import { Log } from '#src/kernel/index.js';
import type { Hot, LedgerAccount, Tally } from '#src/storage/index.js';
import type { LimitOwner } from './token-standing.policy.js';
import { type TokenOwner, UsageRecords } from './usage-records.service.js';

const OWNERS: readonly LimitOwner[] = ['principal', 'tenant'];

/** Accounts that know nothing of what was spent before them: a new day, or a store that was lost. */
export const knowsPast = ({ accounts }: Tally): boolean => accounts.every(({ since }) => since > 0);

/** Where accounts are, and how many processes have one like it each. */
export interface AccountHome {
  readonly hot: Hot;
  readonly processes: number;
}

/** Tells accounts what was spent before they were made, from the durable record: a restart gives nobody a new day. */
@Injectable()
export class PastUsage {
  private readonly asking = new Map<string, Promise<Tally>>();

  constructor(
    private readonly records: UsageRecords,
    private readonly log: Log,
  ) {}

  /** Once for all who ask at the same time. Answers what it was told when the record cannot be read now. */
  async tell(home: AccountHome, owner: TokenOwner, accounts: readonly LedgerAccount[], tally: Tally): Promise<Tally> {
    const name = JSON.stringify([home.hot.kind, owner.tenantId, owner.id]);
    const known = this.asking.get(name) ?? this.ask(home, owner, accounts, tally);
    this.asking.set(name, known);
    try {
      return await known;
    } catch (cause) {
      this.log.debug({ cause }, 'tokens.past_unknown');
      return tally;
    } finally {
      this.asking.delete(name);
    }
  }

  private async ask(
    { hot, processes }: AccountHome,
    owner: TokenOwner,
    accounts: readonly LedgerAccount[],
    { endsAt, accounts: standings }: Tally,
  ): Promise<Tally> {
    const charges = accounts.map(async ({ key }, at) => {
      const known = (standings[at]?.since ?? 0) > 0;
      const spent = known ? 0 : await this.records.spent(owner, OWNERS[at] ?? 'principal', endsAt);
      return { key, settled: Math.ceil(spent / processes) };
    });
    return hot.seed(await Promise.all(charges), endsAt);
  }
}
