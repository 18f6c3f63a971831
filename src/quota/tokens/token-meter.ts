import { addUsage, type Clock, currentContext, NO_USAGE, type Stop, type Usage } from '#src/kernel/index.js';
import type { QuotaMode } from '../plan.policy.js';
import type { QuotaCounts } from '../quota-counts.js';
import type { Settlements } from './settlements.service.js';
import type { AccountedCall, Amounts, Said, TokenAccounts } from './token-accounts.service.js';
import { exhausted, type TokenStanding, tokenHeaders, tokenStandingOf } from './token-standing.policy.js';
import { believable, totalOf } from './token-usage.policy.js';

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
 * What one model call takes from the accounts of its owner. Holds a little more than the answer has cost so far, and ends
 * the call at the first piece that no longer fits: that one is not passed on, and nobody is charged for it.
 */
export class TokenMeter {
  /** Of attempts that are over. */
  private past = NO_USAGE;
  /** Of the attempt under way. */
  private used = NO_USAGE;
  /** Estimate of what was sent. */
  private sent = 0;
  /** What the pieces cost that were passed on. */
  private passed = 0;
  /** Tokens the call may cost before the store is asked again. */
  private room = 0;
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

  /** For the answer: how the owner stood when the call was last spoken of. */
  get limitHeaders(): Readonly<Record<string, string>> {
    return this.standing === undefined ? {} : tokenHeaders(this.standing);
  }

  /** @throws {AppError} `QUOTA_EXHAUSTED` when what is left does not cover the question, as far as it is known */
  async open(inputTokens: number): Promise<void> {
    await this.secure(inputTokens + AHEAD, inputTokens + 1);
    this.stopRenewing = this.parts.clock.every(this.call.leaseMs / RENEWALS, () => void this.renew());
  }

  /** @throws {AppError} `QUOTA_EXHAUSTED` when what is left does not cover the question */
  async begin(inputTokens: number): Promise<void> {
    this.sent = inputTokens;
    await this.secure(inputTokens + AHEAD, inputTokens + 1);
  }

  /** @throws {AppError} `QUOTA_EXHAUSTED`, later, when the piece costs more than is left */
  grow(used: Usage): Promise<void> | undefined {
    const next = believable(used);
    const total = totalOf(this.past) + totalOf(next);
    if (total > this.room)
      return this.secure(total - this.passed + AHEAD, total - this.passed).then(() => this.pass(next));
    this.pass(next);
    return undefined;
  }

  again(): void {
    this.past = addUsage(this.past, this.used);
    this.used = NO_USAGE;
  }

  end(usage: Usage, model: string): Promise<void> {
    return this.finish(addUsage(this.past, believable(usage)), model);
  }

  /** Does nothing to a call that has ended. */
  stop(how: 'cancelled' | 'failed'): Promise<void> {
    const unheard = how === 'cancelled' && totalOf(this.used) === 0;
    return this.finish(addUsage(this.past, unheard ? { ...NO_USAGE, inputTokens: this.sent } : this.used), '');
  }

  private pass(used: Usage): void {
    this.used = used;
    this.passed = totalOf(this.past) + totalOf(used);
  }

  /**
   * @param wanted tokens beyond what was passed on
   * @param least as many will do when there are not as many as wanted
   */
  private async secure(wanted: number, least: number): Promise<void> {
    const before = this.room - this.passed;
    if (await this.hold(wanted)) return;
    const own = Math.min(wanted, Math.max(0, before));
    const rest = Math.min(wanted, own + (this.standing?.remaining ?? 0));
    if (rest >= least && (await this.hold(rest))) return;
    this.refuse(wanted, least);
  }

  private async hold(tokens: number): Promise<boolean> {
    const { holding } = await this.say(() => ({ charged: this.passed, held: tokens }));
    if (holding.granted) this.room = this.passed + tokens;
    return holding.granted;
  }

  private refuse(wanted: number, least: number): void {
    const { counts } = this.parts;
    const { standing } = this;
    if (standing === undefined || this.mode === 'shadow') {
      if (!this.shadowed) counts.tokens.shadowed += 1;
      this.shadowed = true;
      this.room = this.passed + wanted;
      return;
    }
    counts.tokens.refused += 1;
    throw exhausted(standing, least);
  }

  private async renew(): Promise<void> {
    const { holding } = await this.say(() => ({ charged: this.passed, held: Math.max(1, this.room - this.passed) }));
    // The process was asleep for so long that somebody else has what was held.
    if (!holding.granted) this.room = this.passed;
  }

  private async finish(usage: Usage, model: string): Promise<void> {
    if (this.over) return;
    this.over = true;
    this.stopRenewing?.();
    await this.next(() => this.parts.settlements.settle(this.call, usage, model));
    this.report(usage);
  }

  private report({ inputTokens, outputTokens }: Usage): void {
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
