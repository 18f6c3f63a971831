import { type Clock, currentContext, type Stop } from '#src/kernel/index.js';
import type { QuotaMode } from '../plan.policy.js';
import type { QuotaCounts } from '../quota-counts.js';
import type { Settlements } from './settlements.service.js';
import type { AccountedCall, Amounts, Said, TokenAccounts } from './token-accounts.service.js';
import { exhausted, type TokenStanding, tokenStandingOf } from './token-standing.policy.js';
import { addUsage, believable, NO_TOKENS, type TokenUsage, totalOf } from './token-usage.policy.js';

export interface MeterParts {
  readonly accounts: TokenAccounts;
  readonly settlements: Settlements;
  readonly counts: QuotaCounts;
  readonly clock: Clock;
}

/** Tokens of an answer that are held ahead of it: a few sentences between two words with the store. */
const AHEAD = 256;
/** Parts of a lease after which it is renewed: two renewals may fail. */
const RENEWALS = 3;

/**
 * What one model call takes from the accounts of its owner. Holds a little more than the answer has cost so far; ends the
 * call where no more is left than its largest piece, so that it costs at most one piece more than was left.
 */
export class TokenMeter {
  /** Of attempts that are over. */
  private past = NO_TOKENS;
  /** Of the attempt under way. */
  private used = NO_TOKENS;
  /** Estimate of what was sent. */
  private sent = 0;
  /** Tokens the call may cost before the store is asked again. */
  private room = 0;
  /** Largest piece of output so far. */
  private widest = 1;
  private over = false;
  private shadowed = false;
  private standing: TokenStanding | undefined;
  private stopRenewing: Stop | undefined;
  private saying: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly call: AccountedCall,
    private readonly mode: QuotaMode,
    private readonly parts: MeterParts,
  ) {}

  /** How the owner stood when the call was last spoken of. */
  get lastStanding(): TokenStanding | undefined {
    return this.standing;
  }

  /** @throws {AppError} `QUOTA_EXHAUSTED` when nothing is left */
  async open(): Promise<void> {
    await this.secure(AHEAD, 1);
    this.stopRenewing = this.parts.clock.every(this.call.leaseMs / RENEWALS, () => void this.renew());
  }

  /** @throws {AppError} `QUOTA_EXHAUSTED` when what is left does not cover the question */
  async begin(inputTokens: number): Promise<void> {
    this.sent = inputTokens;
    await this.secure(inputTokens + AHEAD, inputTokens + 1);
  }

  /** @throws {AppError} `QUOTA_EXHAUSTED`, later, when the next piece of the answer may cost more than is left */
  grow(used: TokenUsage): Promise<void> | undefined {
    this.widest = Math.max(this.widest, used.outputTokens - this.used.outputTokens);
    this.used = believable(used);
    if (this.total + this.widest <= this.room) return undefined;
    return this.secure(Math.max(AHEAD, 2 * this.widest), this.widest);
  }

  again(): void {
    this.past = addUsage(this.past, this.used);
    this.used = NO_TOKENS;
  }

  end(usage: TokenUsage, model: string): Promise<void> {
    return this.finish(addUsage(this.past, believable(usage)), model);
  }

  /** Does nothing to a call that has ended. */
  stop(how: 'cancelled' | 'failed'): Promise<void> {
    const unheard = how === 'cancelled' && totalOf(this.used) === 0;
    return this.finish(addUsage(this.past, unheard ? { ...NO_TOKENS, inputTokens: this.sent } : this.used), '');
  }

  private get total(): number {
    return totalOf(this.past) + totalOf(this.used);
  }

  /**
   * @param wanted tokens beyond what the call has cost
   * @param least as many are taken when there are not as many as wanted
   */
  private async secure(wanted: number, least: number): Promise<void> {
    const before = this.room - this.total;
    if (await this.hold(wanted)) return;
    const own = Math.min(wanted, Math.max(0, before));
    const rest = Math.min(wanted, own + (this.standing?.remaining ?? 0));
    if (rest >= least && (await this.hold(rest))) return;
    this.refuse(wanted, least);
  }

  private async hold(tokens: number): Promise<boolean> {
    const { total } = this;
    const { holding } = await this.say(() => ({ charged: total, held: tokens }));
    if (holding.granted) this.room = total + tokens;
    return holding.granted;
  }

  private refuse(wanted: number, least: number): void {
    const { counts } = this.parts;
    const { standing } = this;
    if (standing === undefined || this.mode === 'shadow') {
      if (!this.shadowed) counts.tokens.shadowed += 1;
      this.shadowed = true;
      this.room = this.total + wanted;
      return;
    }
    counts.tokens.refused += 1;
    throw exhausted(standing, least);
  }

  private async renew(): Promise<void> {
    const { holding } = await this.say(() => ({ charged: this.total, held: Math.max(1, this.room - this.total) }));
    // The process was asleep for so long that somebody else has what was held.
    if (!holding.granted) this.room = this.total;
  }

  private async finish(usage: TokenUsage, model: string): Promise<void> {
    if (this.over) return;
    this.over = true;
    this.stopRenewing?.();
    await this.next(() => this.parts.settlements.settle(this.call, usage, model));
    this.report(usage);
  }

  private report({ inputTokens, outputTokens }: TokenUsage): void {
    const { tokens } = this.parts.counts;
    tokens.input += inputTokens;
    tokens.output += outputTokens;
    if (inputTokens + outputTokens === 0) tokens.refunded += 1;
    else tokens.settled += 1;
    const context = currentContext();
    if (context !== undefined) context.fields['tokens'] = { input: inputTokens, output: outputTokens };
  }

  private say(amounts: () => Amounts): Promise<Said> {
    return this.next(() => this.parts.accounts.say(this.call, amounts()));
  }

  /** One after the other, so that what is said last is what holds. */
  private next(saying: () => Promise<Said>): Promise<Said> {
    const said = this.saying.then(saying);
    this.saying = said.then((answer) => this.hear(answer));
    return said;
  }

  private hear({ holding, accounts, alone }: Said): void {
    this.standing = tokenStandingOf(accounts, holding);
    if (alone) this.parts.counts.alone += 1;
  }
}
