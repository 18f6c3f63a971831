import type { Sentence } from '../reading/source.js';

/** How telling each term is: rare terms say more than those in every sentence. */
export interface Vocabulary {
  weight(term: string): number;
  /** All terms of the brief. */
  readonly ofBrief: readonly string[];
  /** The terms the brief is about, most telling first. */
  readonly key: readonly string[];
}

const KEYS = 12;

function counted(sentences: readonly Sentence[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { terms } of sentences) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

export function vocabulary(sentences: readonly Sentence[]): Vocabulary {
  const all = counted(sentences);
  const brief = counted(sentences.filter(({ source }) => source.kind === 'brief'));
  const weigh = (term: string): number =>
    Math.log(1 + sentences.length / (all.get(term) ?? 1)) * (/^\d/.test(term) ? 0.5 : 1);
  const weights = new Map([...all.keys()].map((term) => [term, weigh(term)]));
  const weight = (term: string): number => weights.get(term) ?? weigh(term);
  const key = [...brief]
    .filter(([term]) => !/^\d/.test(term))
    .map(([term, count]) => ({ term, score: count * weight(term) }))
    .sort((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1));
  return { weight, ofBrief: [...brief.keys()], key: key.slice(0, KEYS).map(({ term }) => term) };
}

export const sharedTerms = (a: ReadonlySet<string>, b: ReadonlySet<string>): readonly string[] =>
  [...a].filter((term) => b.has(term));

/** How much of what `part` says is also said by `whole`: 0 to 1, by the weight of the terms. */
export function coverage(part: ReadonlySet<string>, whole: ReadonlySet<string>, { weight }: Vocabulary): number {
  let total = 0;
  let covered = 0;
  for (const term of part) {
    const value = weight(term);
    total += value;
    if (whole.has(term)) covered += value;
  }
  return total === 0 ? 0 : covered / total;
}
