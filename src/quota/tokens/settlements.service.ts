import { Injectable } from '@nestjs/common';
import { Clock, Log, retryLater } from '#src/kernel/index.js';
import type { Bill } from './call-bill.js';
import { type AccountedCall, type Said, TokenAccounts } from './token-accounts.service.js';
import { NOTHING, type Spend, totalOf } from './token-usage.policy.js';
import { UsageRecords } from './usage-records.service.js';

/** Ends calls: charges what they cost, and writes it down. */
@Injectable()
export class Settlements {
  constructor(
    private readonly accounts: TokenAccounts,
    private readonly records: UsageRecords,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Gives back what is held beyond what the call cost. Never rejects: what a store cannot be told now it is told later.
   *
   * @param model empty when the call broke off
   */
  async settle(call: AccountedCall, { usage, cost }: Bill, model: string): Promise<Said> {
    const charged = { tokens: totalOf(usage), cost };
    const said = await this.accounts.say(call, { charged, held: NOTHING });
    if (charged.tokens === 0) return said;
    // After the account: one that is made anew meanwhile is told of each call by itself or by the record, not by both.
    const { inputTokens, outputTokens } = usage;
    const spent = { inputTokens, outputTokens, cost, model, endsAt: said.holding.endsAt };
    // An account that outlives this process remembers the call until its record is written, a moment later.
    const recorded = this.records.add(call.owner, spent, said.outlives ? 'soon' : 'at_once');
    if (said.alone) void recorded.then((recordedAt) => this.chargeLater(call, charged, recordedAt));
    if (!said.outlives) await recorded;
    return said;
  }

  private async chargeLater(call: AccountedCall, charged: Spend, recordedAt: number | undefined): Promise<void> {
    if (await retryLater(this.clock, () => this.accounts.chargeMissing(call, charged, recordedAt))) return;
    const { tenantId, id } = call.owner;
    this.log.warn({ tenant_id: tenantId, principal_id: id, ...charged }, 'tokens.not_charged');
  }
}
