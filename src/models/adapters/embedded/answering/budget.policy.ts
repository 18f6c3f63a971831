import { estimateTokens } from '../../../tokens.policy.js';
import { clip, wholeUnits } from '../text/clip.policy.js';

/** The longest beginning of `text` that costs at most `tokens`, at a word boundary where there is one. */
export function withinBudget(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  let length = Math.min(text.length, tokens * 4);
  while (length > 0 && estimateTokens(text.slice(0, length)) > tokens) length = wholeUnits(text, length - 1);
  return length <= 0 ? '' : clip(text, length);
}
