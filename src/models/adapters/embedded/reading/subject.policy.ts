import { VERBS } from './verbs.lexicon.js';

const MODAL = /^(?:should|shall|do|does|can|could|must|would|will|is it|are we)\s/iu;
const PRONOUN = /^(?:we|i|they|you|he|she|it|one)\s/iu;

/** Length of the subject at the start of `text`, up to the verb: "the city council buy" → 17. */
function subjectLength(text: string): number {
  const pronoun = PRONOUN.exec(text);
  if (pronoun !== null) return pronoun[0].length;
  const found = Array.from(text.slice(0, 120).matchAll(/[\p{L}\p{N}'’.-]+\s+/gu));
  const verb = found.slice(1, 6).find((match) => VERBS.has(match[0].trim().toLowerCase()));
  return verb?.index ?? 0;
}

/** What is asked about, without the asking: "Should the city buy buses" → offset of "buy". 0 when it is asked otherwise. */
export function askedFrom(question: string): number {
  const lead = /^(?:so|and|now|but|well|then)[,\s]+/iu.exec(question)?.[0].length ?? 0;
  const modal = MODAL.exec(question.slice(lead));
  if (modal === null) return 0;
  const from = lead + modal[0].length;
  const length = subjectLength(question.slice(from));
  return length === 0 ? 0 : from + length;
}

/** What "whether …" leaves open: "to drop the fee", "the museum should drop the fee" → offset of "drop". */
export function openFrom(text: string): number {
  const to = /^(?:or not\s)?(?:to\s)/iu.exec(text);
  if (to !== null) return to[0].length;
  const modal = /^(?:[\p{L}\p{N}'’.-]+\s){1,6}?(?:should|shall|could|can|must|would|ought\sto)\s/iu.exec(text);
  return modal?.[0].length ?? 0;
}

/** "Whether we like it or not, we must act": nothing is left open by it. */
export const isConceded = (text: string): boolean => /^whether\s[^,]{3,80}\sor\s(?:not|no),\s/iu.test(text);
