const BYTES_PER_TOKEN = 4;

/** Estimated model tokens of so many UTF-8 bytes: one per four, rounded up. */
export const tokensOf = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

/** {@link tokensOf} a text. */
export const estimateTokens = (text: string): number => tokensOf(Buffer.byteLength(text));

/** {@link tokensOf} several texts, each counted by itself. */
export const estimateAll = (texts: readonly string[]): number =>
  texts.reduce((total, text) => total + estimateTokens(text), 0);
