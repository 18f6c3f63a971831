import { addUsage, costOf, NO_USAGE, type Price, type Usage } from '#src/kernel/index.js';
import { type Spend, totalOf } from './token-usage.policy.js';

/** What a call cost: tokens, and nanodollars at the prices of those who were asked. */
export interface Bill {
  readonly usage: Usage;
  readonly cost: number;
}

/** What one call costs, each attempt at its own price. */
export class CallBill {
  /** Of attempts that are over. */
  private past: Bill = { usage: NO_USAGE, cost: 0 };
  /** Of the attempt under way. */
  private used = NO_USAGE;
  /** Estimate of what was sent. */
  private sent = 0;
  /** Of whoever is asked next, or is being asked. */
  price: Price | undefined;

  /** What was passed on so far. */
  get passed(): Spend {
    return this.with(this.used);
  }

  /** An attempt begins. */
  begin(sent: number): void {
    this.sent = sent;
  }

  /** Passes on what the attempt under way has cost so far. */
  pass(used: Usage): void {
    this.used = used;
  }

  /** The attempt is over; what it cost stays. */
  again(): void {
    this.past = this.total(this.used);
    this.used = NO_USAGE;
    this.sent = 0;
  }

  /** What the call costs if the attempt under way costs so much. */
  with(used: Usage): Spend {
    const { usage, cost } = this.total(used);
    return { tokens: totalOf(usage), cost };
  }

  total(used: Usage): Bill {
    const { usage, cost } = this.past;
    return { usage: addUsage(usage, used), cost: cost + costOf(used, this.price) };
  }

  /** As a limit ended it before anybody got a word of it: what nobody bills us for is given back. */
  givenUp(): Bill {
    const { price } = this;
    const free = price !== undefined && price.input === 0 && price.output === 0;
    return this.total(free ? NO_USAGE : this.used);
  }

  /** As it broke off: what was heard, and when nothing was, what was sent if that is to be paid. */
  brokenOff(sentCounts: boolean): Bill {
    const unheard = totalOf(this.used) === 0;
    return this.total(unheard && sentCounts ? { ...NO_USAGE, inputTokens: this.sent } : this.used);
  }
}
