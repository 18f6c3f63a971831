import type { Candidate } from '../reading/candidate.policy.js';
import type { Sentence } from '../reading/source.js';
import { quoteWithin } from '../text/quote.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import type { Span } from '../text/sentences.policy.js';
import type { Chosen } from './selection.policy.js';

const SHOWN = 80;
const LEAD = /^[\s:;,.–—-]*(?:(?:and|but|or|so)\s)?/iu;
const END = /[\s.;,:]+$/u;

/** Words of a source in quotation marks, letter by letter. */
function literally({ source }: Sentence, span: Span): string | undefined {
  const words = quoteWithin(source.original, source.cleaned, span);
  const told = words?.replace(LEAD, '').replace(END, '') ?? '';
  return told === '' ? undefined : excerpt(told, SHOWN);
}

/** A statement as its source puts it. */
export const inItsWords = ({ sentence, span, label }: Candidate): string =>
  literally(sentence, span) ?? excerpt(label, SHOWN);

/** A sentence as it stands, or its beginning. */
export const asItStands = (sentence: Sentence): string =>
  literally(sentence, sentence.span) ?? excerpt(sentence.text, SHOWN);

/** What the text says itself; what was only inferred from it is left out. */
export const stated = (chosen: readonly Chosen[]): readonly Candidate[] =>
  chosen.map(({ candidate }) => candidate).filter(({ via }) => via.by !== 'inferred');

/** A sentence behind what it is announced by: "Budget: 100,000 euros". */
export const underItsLabel = ({ section, text }: Sentence): string =>
  section === undefined ? text : `${section.title}: ${text}`;
