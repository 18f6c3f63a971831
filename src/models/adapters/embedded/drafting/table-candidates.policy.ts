import type { Candidate } from '../reading/candidate.policy.js';
import type { Sentence, Source } from '../reading/source.js';
import { clip } from '../text/clip.policy.js';
import { capital } from '../text/label.policy.js';
import { quantities } from '../text/quantities.policy.js';
import { stem } from '../text/stem.policy.js';
import { MEASURES } from '../text/stop-words.lexicon.js';
import { tone } from '../text/tone.policy.js';
import { words } from '../text/words.policy.js';
import { type Column, columns } from './table.policy.js';
import { coverage, type Vocabulary } from './vocabulary.policy.js';

const SHOWN = ['median', 'mean', 'p90', 'p95', 'max'] as const;
const MOST = 4;
const RELATED = 0.3;
/** Words shorter than this may begin alike by chance. */
const SHORTEST_ROOT = 5;
const LONGEST_ENDING = 4;

/** Stems of words that say how a thing was measured, not what it is. */
const STATISTICS: ReadonlySet<string> = new Set(
  'median mean avg average count total sum min max minimum maximum pct percent percentage number num rate share index value per sec mins hrs eur usd gbp'
    .split(' ')
    .map(stem),
);

function asSentence(column: Column, order: number): Sentence {
  const { source, span, terms } = column;
  const text = source.cleaned.slice(span.start, span.end);
  return {
    source,
    span,
    text,
    terms,
    words: words(text, span.start),
    quantities: quantities(text, span.start),
    tone: tone(words(readable(column.name), 0)),
    hedge: undefined,
    question: false,
    addressed: false,
    place: 'item',
    block: -1 - order,
    firstOfBlock: true,
    section: undefined,
    topic: undefined,
    order,
    previous: undefined,
  };
}

const readable = (name: string): string =>
  name
    .replace(/[_\s]+|(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .trim()
    .toLowerCase();

/** What a column is about, in the brief's own words where it says nearly the same: `visits` is `visitor` there. */
function topicOf({ terms }: Column, brief: ReadonlySet<string>): ReadonlySet<string> {
  const telling = [...terms].filter((term) => !STATISTICS.has(term) && !MEASURES.has(term));
  return new Set(telling.map((term) => (brief.has(term) ? term : ([...brief].find((own) => akin(term, own)) ?? term))));
}

function akin(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= SHORTEST_ROOT && long.length - short.length <= LONGEST_ENDING && long.startsWith(short);
}

/** At most two decimals: a label names the figure, the quotation has all of it. */
const short = (figure = ''): string =>
  /\.\d{3,}$/u.test(figure) ? String(Math.round(Number(figure) * 100) / 100) : figure;

function asCandidate(column: Column, order: number, related: number): Candidate {
  const figures = SHOWN.flatMap((name) =>
    column.figures.has(name) ? [`${name} ${short(column.figures.get(name))}`] : [],
  );
  const sentence = asSentence(column, order);
  return {
    kind: 'factor',
    label: clip(capital(`${readable(column.name)}: ${figures.slice(0, 2).join(', ')}`), 100),
    body: clip(
      `${readable(column.name)} in ${column.source.name}: ${[...column.figures].map(([name, value]) => `${name} ${value}`).join(', ')}`,
      200,
    ),
    sentence,
    span: column.span,
    score: 2.2 + related,
    via: { by: 'table', words: column.name },
    tone: sentence.tone,
    hedge: undefined,
    quantities: sentence.quantities,
    terms: column.terms,
  };
}

/** Columns that measure something the brief speaks of, most related first. */
export function tableCandidates(
  sources: readonly Source[],
  brief: ReadonlySet<string>,
  vocabulary: Vocabulary,
): readonly Candidate[] {
  return sources
    .filter(({ kind }) => kind === 'table')
    .flatMap(columns)
    .map((column) => ({ ...column, terms: topicOf(column, brief) }))
    .map((column, index) => ({ column, index, related: coverage(column.terms, brief, vocabulary) }))
    .filter(({ related }) => related >= RELATED)
    .sort((a, b) => b.related - a.related || a.index - b.index)
    .slice(0, MOST)
    .map(({ column, index, related }) => asCandidate(column, 1_000_000 + index, related));
}
