/** Characters that would change how surrounding text is shown or cannot be stored: controls and bidirectional overrides. */
const UNWANTED = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** One line of visible text: controls become spaces, runs of white space one space, lone surrogates U+FFFD. */
export const oneLine = (text: string): string => text.toWellFormed().replace(UNWANTED, ' ').replace(/\s+/g, ' ').trim();

/**
 * The beginning of a text, at most `max` UTF-16 units, never half a surrogate pair.
 *
 * @example
 * shorten('a😀', 2) // 'a'
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(max - 1));
  return text.slice(0, splitsPair ? max - 1 : max).trimEnd();
}

/** One line of at most `max` UTF-16 units; what had to be cut ends in "…". */
export function clip(text: string, max: number): string {
  const line = oneLine(text);
  return line.length <= max ? line : `${shorten(line, max - 1)}…`;
}

/** Number of Unicode code points: what "characters" means on the wire. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
