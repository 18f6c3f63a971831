import { Injectable } from '@nestjs/common';
import { Clock, Log } from '#src/kernel/index.js';
import type { Hot, LedgerAccount, Tally } from '#src/storage/index.js';
import { ownerAt } from './token-standing.policy.js';
import { NOTHING } from './token-usage.policy.js';
import { type TokenOwner, UsageRecords } from './usage-records.service.js';

/** A request may have to wait for the database itself after this, and is not to wait twice as long as that. */
const PATIENCE_MS = 250;

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
  private readonly asking = new Map<string, Promise<Tally | undefined>>();

  constructor(
    private readonly records: UsageRecords,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Once for all who ask at the same time. Answers what it was told when the record cannot be read soon. */
  async tell(home: AccountHome, owner: TokenOwner, accounts: readonly LedgerAccount[], tally: Tally): Promise<Tally> {
    const name = JSON.stringify([home.hot.kind, owner.tenantId, owner.id]);
    const known = this.asking.get(name) ?? this.begin(name, this.ask(home, owner, accounts, tally));
    return (await known) ?? tally;
  }

  /** The account is told whenever the record answers; who asks waits for it no longer than agreed. */
  private begin(name: string, asked: Promise<Tally>): Promise<Tally | undefined> {
    const known = new Promise<Tally | undefined>((resolve) => {
      const stopWaiting = this.clock.after(PATIENCE_MS, () => resolve(undefined));
      const end = (tally: Tally | undefined): void => {
        stopWaiting();
        this.asking.delete(name);
        resolve(tally);
      };
      asked.then(end, (cause: unknown) => {
        this.log.debug({ cause }, 'tokens.past_unknown');
        end(undefined);
      });
    });
    this.asking.set(name, known);
    return known;
  }

  private async ask(
    { hot, processes }: AccountHome,
    owner: TokenOwner,
    accounts: readonly LedgerAccount[],
    { endsAt, accounts: standings }: Tally,
  ): Promise<Tally> {
    const charges = accounts.map(async ({ key, counts }, at) => {
      const known = (standings[at]?.since ?? 0) > 0;
      const spent = known ? NOTHING : await this.records.spent(owner, ownerAt(at), endsAt);
      return { key, settled: Math.ceil(spent[counts ?? 'tokens'] / processes) };
    });
    return hot.seed(await Promise.all(charges), endsAt);
  }
}
