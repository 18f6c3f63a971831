import { costOf, type Price, type Usage } from '#src/kernel/index.js';

/** More than any model call costs; what a broken upstream counts beyond it is not believed. */
const MOST_TOKENS = 1_000_000_000;

/** So many model tokens, and what they cost in nanodollars. */
export interface Spend {
  readonly tokens: number;
  readonly cost: number;
}

export const NOTHING: Spend = { tokens: 0, cost: 0 };

export const totalOf = ({ inputTokens, outputTokens }: Usage): number => inputTokens + outputTokens;

export const spendOf = (usage: Usage, price: Price | undefined): Spend => ({
  tokens: totalOf(usage),
  cost: costOf(usage, price),
});

export const plus = (a: Spend, b: Spend): Spend => ({ tokens: a.tokens + b.tokens, cost: a.cost + b.cost });

/** Of each what `b` leaves of `a`. */
export const beyond = (a: Spend, b: Spend): Spend => ({
  tokens: Math.max(0, a.tokens - b.tokens),
  cost: Math.max(0, a.cost - b.cost),
});

/** Of each the smaller. */
export const within = (a: Spend, b: Spend): Spend => ({
  tokens: Math.min(a.tokens, b.tokens),
  cost: Math.min(a.cost, b.cost),
});

/** Whether `a` is enough of each for `b`. */
export const covers = (a: Spend, b: Spend): boolean => a.tokens >= b.tokens && a.cost >= b.cost;

/** Whole tokens, as many as one call can have cost. */
export function believable({ inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens }: Usage): Usage {
  const input = whole(inputTokens);
  const tokens = { inputTokens: input, outputTokens: whole(outputTokens) };
  if (cachedInputTokens === undefined && cacheWriteTokens === undefined) return tokens;
  // Parts are no more than the whole, so that none of it costs less than nothing.
  const cached = Math.min(input, whole(cachedInputTokens ?? 0));
  return {
    ...tokens,
    cachedInputTokens: cached,
    cacheWriteTokens: Math.min(input - cached, whole(cacheWriteTokens ?? 0)),
  };
}

const whole = (tokens: number): number => (tokens > 0 ? Math.min(MOST_TOKENS, Math.ceil(tokens)) : 0);
