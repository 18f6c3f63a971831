import { stem } from './stem.policy.js';
import { STOP_WORDS } from './stop-words.lexicon.js';

/** One word with its place in the text it was read from (UTF-16 offsets, end exclusive). */
export interface Word {
  readonly text: string;
  /** Lower case. */
  readonly lower: string;
  readonly stem: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}\u200c\u200d]*(?:[.,:'’\-‑][\p{L}\p{M}\p{N}]+)*/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

const toWord = (text: string, start: number): Word => {
  const lower = text.toLowerCase();
  return { text, lower, stem: stem(lower), start, end: start + text.length };
};

/** The words of `text`; offsets are shifted by `offset`. Scripts without spaces are segmented by dictionary. */
export function words(text: string, offset: number): readonly Word[] {
  if (UNSPACED.test(text)) return segmented(text, offset);
  return Array.from(text.matchAll(WORD), (match) => toWord(match[0], offset + match.index));
}

function segmented(text: string, offset: number): readonly Word[] {
  const found: Word[] = [];
  for (const part of segmenter.segment(text)) {
    if (part.isWordLike === true) found.push(toWord(part.segment, offset + part.index));
  }
  return found;
}

export const isContent = (word: Word): boolean =>
  !STOP_WORDS.has(word.lower) && (word.lower.length > 1 || !/[a-z0-9]/.test(word.lower));

/** Stems of the content words; a hyphenated word also counts by its longer parts. */
export function terms(of: readonly Word[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const word of of) {
    if (!isContent(word)) continue;
    found.add(word.stem);
    if (!word.lower.includes('-')) continue;
    for (const part of word.lower.split('-')) {
      if (part.length > 2 && !STOP_WORDS.has(part)) found.add(stem(part));
    }
  }
  return found;
}
