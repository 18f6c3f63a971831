/** Model tokens of a call, or of some part of it. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** More than any model call costs; what a broken upstream counts beyond it is not believed. */
const MOST_TOKENS = 1_000_000_000;

export const NO_TOKENS: TokenUsage = { inputTokens: 0, outputTokens: 0 };

export const totalOf = ({ inputTokens, outputTokens }: TokenUsage): number => inputTokens + outputTokens;

export const addUsage = (a: TokenUsage, b: TokenUsage): TokenUsage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
});

/** Whole tokens, as many as one call can have cost. */
export const believable = ({ inputTokens, outputTokens }: TokenUsage): TokenUsage => ({
  inputTokens: whole(inputTokens),
  outputTokens: whole(outputTokens),
});

const whole = (tokens: number): number => (tokens > 0 ? Math.min(MOST_TOKENS, Math.ceil(tokens)) : 0);
