import type { Price, Usage } from '#src/kernel/index.js';

/**
 * Counts what one call costs, whichever providers and rounds it takes: every call is given one, so that none escapes.
 * Of `end` and `stop` the first counts. Only `begin` and `grow` throw: an `AppError` that the call then ends in.
 */
export interface CallMeter {
  /** What the call may cost is limited: of several models those whose price is known are asked. */
  readonly needsPrice: boolean;
  /** Before anything is sent, and again before another provider is asked; `inputTokens` is an estimate. */
  begin(inputTokens: number, price: Price | undefined): Promise<void>;
  /**
   * Whether so much is left that an answer of so many tokens comes nowhere near a limit, whoever else asks meanwhile: it may
   * be asked for in one piece, which no limit can end in the middle.
   */
  affords(outputTokens: number): boolean;
  /** What the present attempt has cost so far, as estimated, before anybody sees what it cost. No promise: go on. */
  grow(used: Usage): Promise<void> | undefined;
  /** The attempt failed; what it cost stays counted. */
  again(): void;
  /** What the last attempt cost, as its provider counted. */
  end(usage: Usage, model: string): Promise<void>;
  /** `failed`: costs what was heard, and nothing when nothing was. `cancelled`: costs what was sent, too. */
  stop(how: 'cancelled' | 'failed'): Promise<void>;
}
