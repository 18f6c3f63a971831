import type { Candidate } from '../reading/candidate.policy.js';
import type { Source } from '../reading/source.js';
import { clip } from '../text/clip.policy.js';

const LONGEST = 60;

/** Whatever can be seen of a text that says nothing readable (signs, emoji, single words), as a goal of the lowest score. */
export function literalGoal(source: Source): Candidate | undefined {
  const readable = /\S/u.exec(source.cleaned) !== null;
  const text = readable ? source.cleaned : source.original.replace(/[^\P{C}\u200d]/gu, ' ');
  const start = text.search(/\S/u);
  if (start < 0) return undefined;
  const line = text.slice(start, start + 2 * LONGEST).split('\n', 1)[0] ?? '';
  const visible = clip(line.trim(), LONGEST);
  const span = { start, end: start + visible.length };
  const nothing = { words: [], quantities: [], tone: 0, hedge: undefined };
  const terms: ReadonlySet<string> = new Set();
  const sentence = {
    source,
    span,
    text: visible,
    ...nothing,
    terms,
    question: false,
    addressed: false,
    order: 0,
    block: 0,
  } as const;
  const place = {
    place: 'prose',
    firstOfBlock: true,
    section: undefined,
    topic: undefined,
    previous: undefined,
  } as const;
  const via = { by: 'inferred', words: '' } as const;
  return {
    kind: 'goal',
    label: visible.replace(/\s+/gu, ' '),
    body: undefined,
    sentence: { ...sentence, ...place },
    span,
    score: 0.5,
    via,
    tone: 0,
    hedge: undefined,
    quantities: [],
    terms,
  };
}
