import type { Config, Ids, Price } from '#src/kernel/index.js';
import type { Plans } from '../plans.js';
import { type MeterParts, TokenMeter, type WholeAnswer } from './token-meter.js';
import { accountsOf } from './token-standing.policy.js';
import type { TokenOwner } from './usage-records.service.js';

export interface LedgerParts extends MeterParts {
  readonly plans: Plans;
  readonly ids: Ids;
  readonly config: Pick<Config, 'QUOTA_MODE' | 'TOKEN_LEASE_MS'>;
}

/** Model tokens, and money where it has a limit: reserved before a call, settled after it, never more than the limits of its owner allow. */
export class TokenLedger {
  constructor(private readonly parts: LedgerParts) {}

  /**
   * A meter for one call, which holds what the question costs and a little of the answer already, or all that an answer is likely
   * to cost which is given as a whole. Whoever opens one ends it: `stop` does nothing when the call did.
   *
   * @param inputTokens an estimate, as far as it is known
   * @param price of the model that is asked first, as far as it is known
   * @param whole of an answer that is given as a whole
   * @throws {AppError} `QUOTA_EXHAUSTED` when that is not left; `FORBIDDEN` when the price is not known and money has a limit
   */
  async open(owner: TokenOwner, inputTokens: number, price?: Price, whole?: WholeAnswer): Promise<TokenMeter> {
    const { plans, ids, config } = this.parts;
    const accounts = accountsOf(owner, plans.of(owner.tenantId));
    const call = { id: ids.next('call'), owner, accounts, leaseMs: config.TOKEN_LEASE_MS };
    const meter = new TokenMeter(call, config.QUOTA_MODE, this.parts, whole);
    try {
      await meter.open(inputTokens, price);
    } catch (error) {
      await meter.stop('failed');
      throw error;
    }
    return meter;
  }
}
