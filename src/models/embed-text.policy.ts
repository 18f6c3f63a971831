import type { EmbedText } from './provider.port.js';
import { estimateTokens } from './tokens.policy.js';

/** Model tokens of a text to embed: estimated of words, counted of token ids. */
const tokensIn = (text: EmbedText): number => (typeof text === 'string' ? estimateTokens(text) : text.length);

/** Of several, each counted by itself. */
export const estimateEmbedding = (texts: readonly EmbedText[]): number =>
  texts.reduce((total, text) => total + tokensIn(text), 0);
