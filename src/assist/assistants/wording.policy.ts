/** Two wordings that share this much of their words say the same. */
const SAME = 0.85;

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Whether two texts are the same but for case, punctuation and a word here or there. */
export function isSameWording(one: string, other: string): boolean {
  const [first, second] = [new Set(wordsOf(one)), new Set(wordsOf(other))];
  if (first.size === 0 || second.size === 0) return one.trim() === other.trim();
  const common = [...first].filter((word) => second.has(word)).length;
  return common / (first.size + second.size - common) >= SAME;
}

/** The first of each wording, in order. */
export function distinct<T>(items: readonly T[], wording: (item: T) => string): T[] {
  const kept: T[] = [];
  for (const item of items) if (!kept.some((each) => isSameWording(wording(each), wording(item)))) kept.push(item);
  return kept;
}
