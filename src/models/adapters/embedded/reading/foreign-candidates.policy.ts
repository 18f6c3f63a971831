import type { NodeKind } from '../../../draft-graph.schema.js';
import { STOP_WORDS } from '../text/stop-words.lexicon.js';
import { type Candidate, candidate } from './candidate.policy.js';
import { ANNOUNCING, OTHER_OR, OTHER_WHETHER } from './other-languages.lexicon.js';
import type { Sentence } from './source.js';

const KIND_OF: ReadonlyMap<string, NodeKind> = new Map(
  (['goal', 'decision', 'risk', 'action', 'factor'] as const).flatMap((kind) =>
    (ANNOUNCING[kind] ?? []).map((word) => [word, kind] as const),
  ),
);
const ENGLISH = 0.2;

function isEnglish({ words }: Sentence): boolean {
  return words.filter(({ lower }) => STOP_WORDS.has(lower)).length > words.length * ENGLISH;
}

/** Where an indirect question begins; 0 without one. */
function askedFrom(text: string): number {
  const whether = OTHER_WHETHER.exec(text);
  return whether === null ? 0 : whether.index + whether[0].length;
}

function alternatives(sentence: Sentence, words: string): readonly Candidate[] {
  const separator = OTHER_OR.exec(sentence.text);
  if (separator === null) return [];
  const end = sentence.text.replace(/[?？؟。.\s]+$/u, '').length;
  const spans = [
    { start: askedFrom(sentence.text.slice(0, separator.index)), end: separator.index },
    { start: separator.index + separator[0].length, end },
  ];
  const via = { by: 'question', words } as const;
  const found = spans.flatMap((span) => candidate(sentence, { kind: 'option', span, score: 2.4, via }) ?? []);
  return found.length === 2 ? found : [];
}

/** What a sentence in another language is, by a word that announces it; alternatives by its word for "or". */
export function foreignCandidates(sentence: Sentence): readonly Candidate[] {
  if (isEnglish(sentence) || sentence.place === 'heading') return [];
  const separator = OTHER_OR.exec(sentence.text)?.[0].trim() ?? '';
  const split = alternatives(sentence, separator);
  const announcing = sentence.words.find(({ lower }) => KIND_OF.has(lower));
  const kind = announcing === undefined ? undefined : KIND_OF.get(announcing.lower);
  if (announcing === undefined || kind === undefined || sentence.question) return split;
  const via = { by: 'cue', words: announcing.text } as const;
  const start = kind === 'decision' ? Math.max(0, sentence.text.search(OTHER_WHETHER)) : 0;
  const found = candidate(sentence, { kind, span: { start, end: sentence.text.length }, score: 2.3, via });
  return found === undefined ? split : [...split, found];
}
