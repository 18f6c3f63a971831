import {
  type Clock,
  currentContext,
  dollarText,
  NO_USAGE,
  type Price,
  type Stop,
  type Usage,
} from '#src/kernel/index.js';
import type { QuotaMode } from '../plan.policy.js';
import type { QuotaCounts } from '../quota-counts.js';
import { type Bill, CallBill } from './call-bill.js';
import type { Settlements } from './settlements.service.js';
import type { AccountedCall, Amounts, Said, TokenAccounts } from './token-accounts.service.js';
import {
  costStandingOf,
  exhausted,
  leftIn,
  limitsCost,
  type Shortage,
  type SpendStanding,
  tokenHeaders,
  tokenStandingOf,
  unpriced,
} from './token-standing.policy.js';
import {
  believable,
  beyond,
  covers,
  NOTHING,
  plus,
  type Spend,
  spendOf,
  totalOf,
  within,
} from './token-usage.policy.js';

export interface MeterParts {
  readonly accounts: TokenAccounts;
  readonly settlements: Settlements;
  readonly counts: QuotaCounts;
  readonly clock: Clock;
}

/** An answer that its caller gets at its end. */
export interface WholeAnswer {
  /** Tokens of nearly every such answer, at most. */
  readonly outputTokens: number;
  /** A part of it is of no use to anybody: a limit in its middle leaves its caller with nothing. */
  readonly orNothing: boolean;
}

/** Tokens of an answer that are held ahead of it: a few sentences between two words with the store. */
const AHEAD = 256;
/** Calls of an owner that are likely to be under way at once. */
const AT_ONCE = 16;
const NO_BILL: Bill = { usage: NO_USAGE, cost: 0 };
/** Parts of a lease after which it is renewed: two renewals may fail. */
const RENEWALS = 3;

/**
 * What one model call takes from the accounts of its owner, in tokens and in money. Holds a little more than the answer has
 * cost so far, for one that is given as a whole all that it is likely to cost, and ends the call at the first piece that no longer fits: that one is not passed on, and nobody is charged
 * for it.
 */
export class TokenMeter {
  /** Models without a known price are not called: what the call may cost has a limit. */
  readonly needsPrice: boolean;
  private readonly bill = new CallBill();
  /** What the call may cost before the store is asked again. */
  private room = NOTHING;
  private ended: Bill | undefined;
  private shadowed = false;
  private refused = false;
  /** It began with all that was left. */
  private short = false;
  private heard: Said | undefined;
  private stopRenewing: Stop | undefined;
  private saying: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly call: AccountedCall,
    private readonly mode: QuotaMode,
    private readonly parts: MeterParts,
    private readonly whole?: WholeAnswer,
  ) {
    this.needsPrice = mode === 'enforce' && limitsCost(call.accounts);
  }

  /** For the answer: how the owner stood when the call was last spoken of. */
  get limitHeaders(): Readonly<Record<string, string>> {
    return this.heard === undefined ? {} : tokenHeaders(tokenStandingOf(this.heard.accounts, this.heard.holding));
  }

  /** What the call is charged for: as it ended, or should it be cancelled now. */
  get billed(): Usage {
    return (this.ended ?? this.bill.brokenOff(true)).usage;
  }

  /**
   * @throws {AppError} `QUOTA_EXHAUSTED` when what is left does not cover the question, as far as it is known; `FORBIDDEN`
   * without the price that must be known
   */
  async open(inputTokens: number, price: Price | undefined): Promise<void> {
    await this.reserve(inputTokens, price);
    this.stopRenewing = this.parts.clock.every(this.call.leaseMs / RENEWALS, () => void this.renew());
  }

  /** @throws {AppError} as `open` */
  async begin(inputTokens: number, price: Price | undefined): Promise<void> {
    await this.reserve(inputTokens, price);
    this.bill.begin(inputTokens);
  }

  affords(outputTokens: number): boolean {
    const { standing } = this;
    if (standing === undefined) return false;
    const tokens = outputTokens * AT_ONCE;
    return (
      this.mode === 'shadow' ||
      covers(leftIn(standing), spendOf({ inputTokens: 0, outputTokens: tokens }, this.bill.price))
    );
  }

  /** @throws {AppError} `QUOTA_EXHAUSTED`, later, when the piece costs more than is left */
  grow(used: Usage): Promise<void> | undefined {
    const next = believable(used);
    const total = this.bill.with(next);
    if (!covers(this.room, total)) {
      const least = beyond(total, this.bill.passed);
      return this.secure(plus(least, this.ahead(AHEAD)), least).then(() => this.bill.pass(next));
    }
    this.bill.pass(next);
    return undefined;
  }

  again(): void {
    this.bill.again();
  }

  end(usage: Usage, model: string): Promise<void> {
    return this.finish(this.bill.total(believable(usage)), model);
  }

  /** Does nothing to a call that has ended. */
  stop(how: 'cancelled' | 'failed'): Promise<void> {
    const lost = how === 'failed' && this.refused && this.whole?.orNothing === true;
    return this.finish(lost ? this.bill.givenUp() : this.bill.brokenOff(how === 'cancelled'), '');
  }

  /** Holds a question and the beginning of its answer, unless that is held already. */
  private async reserve(inputTokens: number, price: Price | undefined): Promise<void> {
    if (price === undefined && this.needsPrice) throw unpriced();
    this.bill.price = price;
    const question = spendOf({ inputTokens, outputTokens: 0 }, price);
    const wanted = plus(question, this.ahead(this.whole?.outputTokens ?? AHEAD));
    if (covers(this.own, wanted)) return;
    if (await this.hold(wanted)) return;
    const least = spendOf({ inputTokens, outputTokens: 1 }, price);
    // What others hold makes an answer or is given back. To begin with less than is needed would spoil theirs and its own.
    if (this.whole !== undefined && !this.short && this.othersHold)
      return this.refuse(wanted, { needed: wanted, least });
    await this.secureRest(wanted, least);
    this.short = true;
  }

  private ahead(outputTokens: number): Spend {
    return spendOf({ inputTokens: 0, outputTokens }, this.bill.price);
  }

  /** Held for this call and not used yet. */
  private get own(): Spend {
    return beyond(this.room, this.bill.passed);
  }

  private get othersHold(): boolean {
    const { standing, own } = this;
    if (standing === undefined) return false;
    return standing.tokens.reserved > own.tokens || (standing.cost?.reserved ?? 0) > own.cost;
  }

  /**
   * @param wanted beyond what was passed on
   * @param least as much will do when there is not as much as wanted
   */
  private async secure(wanted: Spend, least: Spend): Promise<void> {
    if (await this.hold(wanted)) return;
    await this.secureRest(wanted, least);
  }

  /** All that is left, after more was refused. */
  private async secureRest(wanted: Spend, least: Spend): Promise<void> {
    const { standing, own } = this;
    const left = standing === undefined ? NOTHING : leftIn(standing);
    const rest = within(wanted, plus(within(wanted, own), left));
    if (rest.tokens > 0 && covers(rest, least) && (await this.hold(rest))) return;
    this.refuse(wanted, { needed: least, least });
  }

  private async hold(held: Spend): Promise<boolean> {
    const { holding } = await this.say(() => ({ charged: this.bill.passed, held }));
    if (holding.granted) this.room = plus(this.bill.passed, held);
    return holding.granted;
  }

  private refuse(wanted: Spend, short: Pick<Shortage, 'needed' | 'least'>): void {
    const { counts } = this.parts;
    const { standing } = this;
    if (standing === undefined || this.mode === 'shadow') {
      if (!this.shadowed) counts.tokens.shadowed += 1;
      this.shadowed = true;
      this.room = plus(this.bill.passed, wanted);
      return;
    }
    counts.tokens.refused += 1;
    this.refused = true;
    const { usage } = this.whole?.orNothing === true ? this.bill.givenUp() : NO_BILL;
    throw exhausted(standing, { ...short, own: this.own, lost: totalOf(usage) });
  }

  private async renew(): Promise<void> {
    const { holding } = await this.say(() => {
      const { tokens, cost } = this.own;
      return { charged: this.bill.passed, held: { tokens: Math.max(1, tokens), cost } };
    });
    // The process was asleep for so long that somebody else has what was held.
    if (!holding.granted) this.room = this.bill.passed;
  }

  private async finish(bill: Bill, model: string): Promise<void> {
    if (this.ended !== undefined) return;
    this.ended = bill;
    this.stopRenewing?.();
    await this.next(() => this.parts.settlements.settle(this.call, bill, model));
    this.report(bill);
  }

  private report({ usage, cost }: Bill): void {
    const { tokens } = this.parts.counts;
    tokens.input += usage.inputTokens;
    tokens.output += usage.outputTokens;
    tokens.cost += cost;
    if (totalOf(usage) === 0) tokens.refunded += 1;
    else tokens.settled += 1;
    const context = currentContext();
    if (context === undefined) return;
    context.fields['tokens'] = { input: usage.inputTokens, output: usage.outputTokens };
    if (cost > 0) context.fields['cost_usd'] = dollarText(cost);
  }

  private say(amounts: () => Amounts): Promise<Said> {
    return this.next(() => this.parts.accounts.say(this.call, amounts()));
  }

  /** One after the other, so that what is said last is what holds. */
  private next(saying: () => Promise<Said>): Promise<Said> {
    const said = this.saying.then(saying).then((answer) => this.hear(answer));
    this.saying = said;
    return said;
  }

  private hear(said: Said): Said {
    this.heard = said;
    if (said.alone) this.parts.counts.alone += 1;
    return said;
  }

  /** How the owner stood when the call was last spoken of. */
  private get standing(): SpendStanding | undefined {
    if (this.heard === undefined) return undefined;
    const { holding, accounts } = this.heard;
    return { tokens: tokenStandingOf(accounts, holding), cost: costStandingOf(accounts, holding) };
  }
}
