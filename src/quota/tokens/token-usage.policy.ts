import type { Usage } from '#src/kernel/index.js';

/** More than any model call costs; what a broken upstream counts beyond it is not believed. */
const MOST_TOKENS = 1_000_000_000;

export const totalOf = ({ inputTokens, outputTokens }: Usage): number => inputTokens + outputTokens;

/** Whole tokens, as many as one call can have cost. */
export const believable = ({ inputTokens, outputTokens }: Usage): Usage => ({
  inputTokens: whole(inputTokens),
  outputTokens: whole(outputTokens),
});

const whole = (tokens: number): number => (tokens > 0 ? Math.min(MOST_TOKENS, Math.ceil(tokens)) : 0);
