import { wholeUnits } from './clip.policy.js';
import type { Span } from './sentences.policy.js';

const LONGEST = 100;

/** End of the longest run from `start` that is written as it is read: no markup, no line break inside. */
function literalEnd(original: string, cleaned: string, span: Span): number {
  const limit = Math.min(span.end, span.start + LONGEST + 60);
  for (let at = span.start; at < limit; at += 1) {
    const written = original.charAt(at);
    if (written === '\n' || (written !== cleaned.charAt(at) && !/\s/u.test(written))) return at;
  }
  return limit;
}

function cutAt(text: string): number {
  if (text.length <= LONGEST) return text.length;
  const clause = Math.max(
    text.lastIndexOf(', ', LONGEST),
    text.lastIndexOf(': ', LONGEST),
    text.lastIndexOf('; ', LONGEST),
  );
  if (clause >= LONGEST / 2) return clause;
  const space = text.lastIndexOf(' ', LONGEST);
  return space > LONGEST / 3 ? space : wholeUnits(text, LONGEST);
}

/**
 * Words copied literally from `original` inside `span`: at most 100 characters, whole words, ending at a clause where one ends.
 * `cleaned` is the same text with markup blanked. Undefined when nothing readable stands there.
 */
export function quoteWithin(original: string, cleaned: string, span: Span): string | undefined {
  let { start } = span;
  let best = '';
  while (start < span.end) {
    while (start < span.end && /\s/u.test(cleaned.charAt(start))) start += 1;
    const end = literalEnd(original, cleaned, { start, end: span.end });
    const run = original.slice(start, end);
    const quote = run
      .slice(0, cutAt(run))
      .trim()
      .replace(/[\s,;:–—-]+$/u, '');
    if (quote.length > best.length) best = quote;
    if (best.length > LONGEST / 3) break;
    start = Math.max(end, start + 1);
  }
  return /[\p{L}\p{N}]/u.test(best) ? best : undefined;
}
