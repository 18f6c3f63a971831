import { STOP_WORDS } from '../text/stop-words.lexicon.js';
import { type Word, words } from '../text/words.policy.js';
import { hash } from './hash.policy.js';

export const DEFAULT_DIMENSIONS = 256;
export const FEWEST_DIMENSIONS = 8;
export const MOST_DIMENSIONS = 2048;

const WORD = { seed: 1, weight: 1 };
const PAIR = { seed: 2, weight: 0.5 };
const GRAMS = [
  { length: 3, seed: 3, weight: 0.25 },
  { length: 4, seed: 4, weight: 0.3 },
] as const;
const GRAMMAR = 0.15;

/** Adds one feature; its hash chooses the place and the sign, so that collisions cancel out on average. */
function add(vector: Float64Array, feature: number, weight: number): void {
  const at = (feature >>> 1) % vector.length;
  vector[at] = (vector[at] ?? 0) + ((feature & 1) === 0 ? weight : -weight);
}

function addWord(vector: Float64Array, word: Word, weight: number): void {
  add(vector, hash(word.stem, 0, word.stem.length, WORD.seed), WORD.weight * weight);
  const bounded = `^${word.lower}$`;
  for (const { length, seed, weight: own } of GRAMS) {
    for (let at = 0; at + length <= bounded.length; at += 1) {
      add(vector, hash(bounded, at, at + length, seed), own * weight);
    }
  }
}

function unit(vector: Float64Array): readonly number[] {
  const length = Math.hypot(...vector);
  if (length > 0) return Array.from(vector, (value) => value / length);
  return Array.from(vector, (_, at) => (at === 0 ? 1 : 0));
}

/**
 * A text as a vector of length 1: stems, pairs of neighbouring words and character n-grams, hashed with a sign into `dimensions`
 * places. Texts that share words or parts of words are near each other (cosine). A word said again counts less each time.
 */
export function embed(text: string, dimensions: number): readonly number[] {
  const vector = new Float64Array(dimensions);
  const seen = new Map<string, number>();
  let previous = '';
  for (const word of words(text.normalize('NFKC'), 0)) {
    const times = (seen.get(word.stem) ?? 0) + 1;
    seen.set(word.stem, times);
    const weight = (STOP_WORDS.has(word.lower) ? GRAMMAR : 1) / Math.sqrt(times);
    addWord(vector, word, weight);
    const pair = `${previous} ${word.stem}`;
    if (previous !== '') add(vector, hash(pair, 0, pair.length, PAIR.seed), PAIR.weight * weight);
    previous = word.stem;
  }
  if (seen.size === 0) for (const sign of text.trim()) add(vector, hash(sign, 0, sign.length, WORD.seed), 1);
  return unit(vector);
}
