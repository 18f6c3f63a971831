import { Injectable } from '@nestjs/common';
import { Clock, Log, retryLater, type Usage } from '#src/kernel/index.js';
import { type AccountedCall, type Said, TokenAccounts } from './token-accounts.service.js';
import { totalOf } from './token-usage.policy.js';
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
  async settle(call: AccountedCall, usage: Usage, model: string): Promise<Said> {
    const charged = totalOf(usage);
    const said = await this.accounts.say(call, { charged, held: 0 });
    if (charged === 0) return said;
    // After the account: one that is made anew meanwhile is told of each call by itself or by the record, not by both.
    const recordedAt = await this.records.add(call.owner, { ...usage, model, endsAt: said.holding.endsAt });
    if (said.alone) void this.chargeLater(call, charged, recordedAt);
    return said;
  }

  private async chargeLater(call: AccountedCall, charged: number, recordedAt: number | undefined): Promise<void> {
    if (await retryLater(this.clock, () => this.accounts.chargeMissing(call, charged, recordedAt))) return;
    const { tenantId, id } = call.owner;
    this.log.warn({ tenant_id: tenantId, principal_id: id, charged }, 'tokens.not_charged');
  }
}
