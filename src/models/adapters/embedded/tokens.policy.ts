/** Estimated model tokens of a text: one per four UTF-8 bytes, rounded up. The engine has no tokens of its own. */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text, 'utf8') / 4);
