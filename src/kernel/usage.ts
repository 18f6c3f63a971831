/** Model tokens of a call, or of some part of it. What is left out was not told. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the input, what the provider had in a cache of its own. */
  readonly cachedInputTokens?: number;
  /** Of the input, what it put into one. */
  readonly cacheWriteTokens?: number;
  /** Of the output, what the model thought and did not say. */
  readonly reasoningTokens?: number;
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

const DETAILS = ['cachedInputTokens', 'cacheWriteTokens', 'reasoningTokens'] as const;

export function addUsage(a: Usage, b: Usage): Usage {
  const sum: { -readonly [Name in keyof Usage]: Usage[Name] } = {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
  for (const name of DETAILS)
    if (a[name] !== undefined || b[name] !== undefined) sum[name] = (a[name] ?? 0) + (b[name] ?? 0);
  return sum;
}
