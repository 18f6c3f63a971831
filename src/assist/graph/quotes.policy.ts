import type { Provenance } from '../graph.schema.js';
import { countCharacters, shorten } from './text.policy.js';

/** A text quotes may come from. */
export interface Source {
  /** `brief`, or the attachment's id. */
  readonly id: string;
  readonly kind: 'brief' | 'pdf' | 'csv' | 'txt' | 'md';
  readonly text: string;
  /** Index in `text` (UTF-16 units) at which each page begins; empty when there are no pages. */
  readonly pageStarts: readonly number[];
}

export type Sources = ReadonlyMap<string, Source>;

const QUOTE_MAX = 100;
/** Nothing but what stands for words that were taken out: proves nothing, whatever it stood for. */
const WORDLESS = /^(?:\[redacted:[a-z_]+\]|[^\p{L}\p{N}])*$/u;

/**
 * Finds a quotation in the source it names. Words must agree letter by letter; only white space may differ,
 * and then the answer carries the source's own. `undefined` when the words are not there.
 */
export function verifyQuote(
  { source: name, quote }: { readonly source: string; readonly quote: string },
  sources: Sources,
): Provenance | undefined {
  const source = sources.get(name);
  const wanted = shorten(quote.trim(), QUOTE_MAX);
  if (source === undefined || WORDLESS.test(wanted) || !wanted.isWellFormed()) return undefined;
  const found = find(source.text, wanted);
  if (found === undefined) return undefined;
  const literal = shorten(found.words, QUOTE_MAX);
  return { source: source.id, quote: literal, location: location(source, found.at, literal) };
}

function find(text: string, wanted: string): { at: number; words: string } | undefined {
  const at = text.indexOf(wanted);
  if (at >= 0) return { at, words: wanted };
  const pattern = wanted
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('\\s{1,20}');
  const match = new RegExp(pattern, 'u').exec(text);
  return match === null ? undefined : { at: match.index, words: match[0] };
}

function location({ kind, text, pageStarts }: Source, at: number, quote: string): string {
  const start = countCharacters(text.slice(0, at));
  const range = `chars ${start}-${start + countCharacters(quote)}`;
  if (kind === 'csv') return `summary ${range}`;
  if (pageStarts.length === 0) return range;
  return `page ${pageStarts.filter((begin) => begin <= at).length}, ${range}`;
}
