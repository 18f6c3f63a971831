import { type Block, blocks } from '../text/blocks.policy.js';
import { quantities } from '../text/quantities.policy.js';
import { sectionOf } from '../text/sections.policy.js';
import { type Span, sentences } from '../text/sentences.policy.js';
import { HEDGES } from '../text/stop-words.lexicon.js';
import { tone } from '../text/tone.policy.js';
import { terms, words } from '../text/words.policy.js';
import { isAddressed } from './addressed.policy.js';
import type { Section, Sentence, Source } from './source.js';

const LABEL = /^([\p{L}][\p{L}\p{N} '’/-]{1,50})\s*:\s+(?=\S)/u;
const TITLE_WORDS = 6;
const MOST_OF_A_CONSTRAINT = 400;
/** Sentences that are read in one go. */
const PORTION = 200;

/** What the reader remembers while going down a text. */
interface Context {
  readonly section: Section | undefined;
  readonly topic: string | undefined;
  /** Announced by a line ending in a colon; holds for the list that follows. */
  readonly lead: Section | undefined;
  /** A list was read under the heading: prose after it speaks of something else. */
  readonly listed: boolean;
}

const titled = (title: string): Section | undefined => {
  const kind = sectionOf(title);
  return kind === undefined ? undefined : { kind, title };
};

/** `Label: rest`: the section the label announces and where the rest begins. */
function labelOf(text: string): { readonly section: Section; readonly length: number } | undefined {
  const match = LABEL.exec(text);
  if (match?.[1] === undefined || match[1].trim().split(/\s+/).length > TITLE_WORDS) return undefined;
  const section = titled(match[1].trim());
  return section === undefined ? undefined : { section, length: match[0].length };
}

const isBareTitle = (text: string): boolean =>
  /^[\p{L} ]{3,40}[.:]?$/u.test(text) && text.split(/\s+/).length <= 3 && sectionOf(text) !== undefined;

function sentenceAt(
  source: Source,
  span: Span,
  rest: Omit<Sentence, keyof ReturnType<typeof features> | 'source' | 'span'>,
): Sentence {
  return { source, span, ...features(source, span), ...rest };
}

function features(source: Source, span: Span) {
  const text = source.cleaned.slice(span.start, span.end);
  const found = words(text, span.start);
  return {
    text,
    words: found,
    terms: terms(found),
    quantities: quantities(text, span.start),
    tone: tone(found),
    hedge: found.find(({ lower }) => HEDGES.has(lower))?.lower,
    question: /(?:[?？؟]|か。?)["'”’)」]?$/u.test(text),
    addressed: isAddressed(text),
  };
}

/** A title that says what it is about (`Decision record 7: replacing the platform`) is the subject of the text. */
function placeOf(block: Block, labelled: boolean): Sentence['place'] {
  if (block.kind === 'question') return 'heading';
  return block.kind === 'heading' && labelled ? 'subject' : block.kind;
}

/** What the lines before a block say about it. */
function announced({ kind }: Block, { section, lead, listed }: Context): Section | undefined {
  if (kind === 'item') return lead ?? section;
  return kind === 'prose' && listed ? undefined : section;
}

interface Start {
  readonly block: number;
  readonly order: number;
}

/** The sentences of one block, under what was announced before them, a portion at a time; returns how many there are. */
function* readBlock(
  source: Source,
  block: Block,
  context: Context,
  start: Start,
): Generator<readonly Sentence[], number> {
  const found: Sentence[] = [];
  let told = 0;
  let own: Section | undefined;
  for (const [index, span] of sentences(source.cleaned, block).entries()) {
    const text = source.cleaned.slice(span.start, span.end);
    if (index === 0 && isBareTitle(text) && block.kind !== 'heading') {
      own = titled(text.replace(/[.:]$/, ''));
      continue;
    }
    const labelled = labelOf(text);
    if (labelled !== undefined && index === 0) own = labelled.section;
    const from = span.start + (labelled?.length ?? 0);
    const section = labelled?.section ?? own ?? announced(block, context);
    found.push(
      sentenceAt(
        source,
        { start: from, end: span.end },
        {
          place: placeOf(block, labelled !== undefined),
          block: start.block,
          firstOfBlock: index === 0 || labelled !== undefined || (own !== undefined && begins(found.at(-1))),
          section,
          topic: context.topic,
          order: start.order + found.length,
          previous: found.at(-1),
        },
      ),
    );
    if (found.length - told < PORTION) continue;
    yield found.slice(told);
    told = found.length;
  }
  if (found.length > told) yield found.slice(told);
  return found.length;
}

/** After a bare title, or the semicolon of a list on one line ("Options: stay; move; merge."). */
const begins = (previous: Sentence | undefined): boolean =>
  previous === undefined || (previous.firstOfBlock && previous.text.endsWith(';'));

/** A constraint is one statement, whatever its punctuation. */
function asWhole(source: Source, { block, order }: Start): Sentence {
  const span = { start: 0, end: Math.min(source.cleaned.length, MOST_OF_A_CONSTRAINT) };
  const place = { place: 'prose', block, order, firstOfBlock: true } as const;
  return sentenceAt(source, span, { ...place, section: undefined, topic: undefined, previous: undefined });
}

function afterBlock(source: Source, block: Block, context: Context): Context {
  const text = source.cleaned.slice(block.start, block.end).trim();
  if (block.kind === 'heading' || block.kind === 'question') {
    const section = titled(text);
    return { section, topic: section === undefined ? text : undefined, lead: undefined, listed: false };
  }
  if (block.kind === 'item') return { ...context, listed: true };
  const lastLine =
    text
      .slice(Math.max(0, text.length - 80))
      .split(/[.!?]\s/u)
      .at(-1) ?? '';
  const section = context.listed ? undefined : context.section;
  return { ...context, section, lead: text.endsWith(':') ? titled(lastLine) : undefined };
}

/** Reads sources in order, sentence by sentence; yields at most one block at a time so that the caller may pause between them. */
export function* read(sources: readonly Source[]): Generator<readonly Sentence[]> {
  let block = 0;
  let order = 0;
  for (const source of sources) {
    if (source.kind === 'table') continue;
    if (source.kind === 'constraint') {
      yield [asWhole(source, { block, order })];
      block += 1;
      order += 1;
      continue;
    }
    let context: Context = { section: undefined, topic: undefined, lead: undefined, listed: false };
    for (const each of blocks(source.cleaned)) {
      order += yield* readBlock(source, each, context, { block, order });
      context = afterBlock(source, each, context);
      block += 1;
    }
  }
}
