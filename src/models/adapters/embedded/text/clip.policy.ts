/** `text` cut to at most `max` UTF-16 units, at a word boundary where there is one, never inside a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const space = text.lastIndexOf(' ', max);
  if (space > max * 0.5) return text.slice(0, space).trimEnd();
  return text.slice(0, wholeUnits(text, max));
}

/** The largest index up to `at` that does not split a surrogate pair. */
export function wholeUnits(text: string, at: number): number {
  const before = text.charCodeAt(at - 1);
  return before >= 0xd800 && before <= 0xdbff ? at - 1 : at;
}
