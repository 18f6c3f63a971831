import type { EdgeBasis } from '../../../tasks/graph-parts.schema.js';
import type { Gathered } from '../drafting/plan.policy.js';
import { coverage } from '../drafting/vocabulary.policy.js';
import type { Sentence } from '../reading/source.js';
import { quantities } from '../text/quantities.policy.js';
import { quoteWithin } from '../text/quote.policy.js';
import { excerpt, flat } from '../text/quoted.policy.js';
import { terms, words } from '../text/words.policy.js';

/** A brief that was read, ready to be searched. */
export type Reading = Pick<Gathered, 'sentences' | 'vocabulary'> & { readonly text: string };

/** Words of the brief that speak of something. */
export interface Proof {
  readonly quote: string;
  readonly origin: Extract<EdgeBasis, 'document' | 'metric'>;
}

/** Share of the words, by their weight, that a sentence must hold to speak of them. */
const SPOKEN_OF = 0.5;
const QUOTE_SHOWN = 100;

/** The sentence of the brief that speaks most of all of these wordings, each of them at least by half. */
export function proofOf(wordings: readonly string[], { sentences, vocabulary }: Reading): Proof | undefined {
  const wanted = wordings.map((each) => terms(words(each.replace(/[-_]/gu, ' '), 0))).filter(({ size }) => size > 0);
  if (wanted.length < wordings.length) return undefined;
  const rated = sentences
    .filter(({ addressed }) => !addressed)
    .map((sentence) => ({
      sentence,
      share: Math.min(...wanted.map((each) => coverage(each, sentence.terms, vocabulary))),
    }));
  const best = rated.reduce<(typeof rated)[number] | undefined>(
    (most, each) => (most === undefined || each.share > most.share ? each : most),
    undefined,
  );
  return best === undefined || best.share < SPOKEN_OF ? undefined : proof(best.sentence, wordings.join(' '));
}

function proof({ source, span, quantities: figures }: Sentence, wording: string): Proof | undefined {
  const quote = quoteWithin(source.original, source.cleaned, span);
  if (quote === undefined) return undefined;
  const own = new Set(quantities(wording, 0).map(({ value }) => value));
  const measured = figures.some(({ value, unit }) => unit !== '' && own.has(value));
  return { quote, origin: measured ? 'metric' : 'document' };
}

/** A quote that stands in the brief. */
export function quotedProof(quote: string, { text }: Reading): Proof | undefined {
  if (!flat(text).includes(flat(quote))) return undefined;
  return { quote: quote.trim(), origin: quantities(quote, 0).some(({ unit }) => unit !== '') ? 'metric' : 'document' };
}

export const saying = ({ quote }: Proof): string => `the brief says ${excerpt(quote, QUOTE_SHOWN)}`;
