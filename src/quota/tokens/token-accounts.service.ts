import { Injectable } from '@nestjs/common';
import { isUnavailable, Log } from '#src/kernel/index.js';
import { type Holding, Hot, type LedgerAccount, type LedgerCall, LocalHot } from '#src/storage/index.js';
import { Instances } from '../instances.service.js';
import { type AccountHome, knowsPast, PastUsage } from './past-usage.service.js';
import { accountShares } from './token-standing.policy.js';
import { NOTHING, type Spend } from './token-usage.policy.js';
import type { TokenOwner } from './usage-records.service.js';

/** A call and the accounts it is charged to. */
export interface AccountedCall {
  readonly id: string;
  readonly owner: TokenOwner;
  readonly accounts: readonly LedgerAccount[];
  readonly leaseMs: number;
}

/** What a call has cost so far and may cost beyond it. One that holds no tokens is over. */
export interface Amounts {
  readonly charged: Spend;
  readonly held: Spend;
}

export interface Said {
  readonly holding: Holding;
  /** Those the holding is about: shares of them while the store of all processes is away. */
  readonly accounts: readonly LedgerAccount[];
  /** Decided by this process, because the store of all processes is away. */
  readonly alone: boolean;
  /** The accounts are in a store that does not end with this process. */
  readonly outlives: boolean;
}

/** Calls in their accounts: in the store of all processes, or in this one's share while that is away. */
@Injectable()
export class TokenAccounts {
  constructor(
    private readonly hot: Hot,
    private readonly local: LocalHot,
    private readonly instances: Instances,
    private readonly past: PastUsage,
    private readonly log: Log,
  ) {}

  /** Never rejects. */
  async say(call: AccountedCall, amounts: Amounts): Promise<Said> {
    try {
      const holding = await this.hold({ hot: this.hot, processes: 1 }, call, amounts);
      return { holding, accounts: call.accounts, alone: false, outlives: this.hot.kind === 'redis' };
    } catch (cause) {
      if (!isUnavailable(cause)) this.log.error({ cause }, 'tokens.store_failed');
      return this.sayAlone(call, amounts);
    }
  }

  /**
   * Charges a call that ended while the store was away; its hold there has run out by itself. A store that came back empty was
   * told of what is recorded, and is not told twice.
   *
   * @param recordedAt when the durable record had it, Unix ms
   */
  async chargeMissing(call: AccountedCall, charged: Spend, recordedAt: number | undefined): Promise<void> {
    const { tally } = await this.hot.spend(
      [],
      0,
      call.accounts.map(({ key }) => key),
    );
    const missing = call.accounts.filter((_, at) => {
      const since = tally?.accounts[at]?.since ?? 0;
      return recordedAt === undefined || (since > 0 && since <= recordedAt);
    });
    if (missing.length > 0) await this.hot.hold(missing, ledgerCall(call, { charged, held: NOTHING }));
  }

  private async sayAlone(call: AccountedCall, amounts: Amounts): Promise<Said> {
    const processes = this.instances.count;
    const accounts = accountShares(call.accounts, processes);
    const holding = await this.hold({ hot: this.local, processes }, { ...call, accounts }, amounts);
    return { holding, accounts, alone: true, outlives: false };
  }

  private async hold(home: AccountHome, call: AccountedCall, amounts: Amounts): Promise<Holding> {
    const { hot } = home;
    const { owner, accounts } = call;
    const holding = await hot.hold(accounts, ledgerCall(call, amounts));
    if (knowsPast(holding)) return holding;
    const tally = await this.past.tell(home, owner, accounts, holding);
    if (!knowsPast(tally) || amounts.held.tokens === 0) return { ...holding, ...tally };
    // Granted by accounts that did not know what was spent: nearly all of it is given back, and asked for again.
    await hot.hold(accounts, ledgerCall(call, { charged: amounts.charged, held: { tokens: 1, cost: 0 } }));
    return hot.hold(accounts, ledgerCall(call, amounts));
  }
}

const ledgerCall = ({ id, leaseMs }: AccountedCall, { charged, held }: Amounts): LedgerCall => ({
  id,
  leaseMs,
  charged: charged.tokens,
  held: held.tokens,
  cost: { charged: charged.cost, held: held.cost },
});
