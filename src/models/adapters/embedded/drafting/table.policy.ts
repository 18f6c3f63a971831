import type { Source } from '../reading/source.js';
import type { Span } from '../text/sentences.policy.js';
import { stem } from '../text/stem.policy.js';

/** One column of a CSV summary. */
export interface Column {
  readonly source: Source;
  readonly name: string;
  readonly terms: ReadonlySet<string>;
  /** By statistic, as written: `median` → `47`. */
  readonly figures: ReadonlyMap<string, string>;
  readonly span: Span;
}

const FIGURE =
  /\b(count|mean|avg|average|median|p50|p90|p95|p99|min|max|sum)\b["']?\s{0,3}[:=]?\s{0,3}(-?\d{1,18}(?:\.\d{1,12})?(?:e[+-]?\d{1,3})?)/giu;
const NAME = /^[\s\-*#|"'`]*(?:columns?\s+)?["'`]?(.{1,80}?)["'`]?\s*(?:[:(|,=–—-]\s*)*$/iu;

const termsOf = (name: string): ReadonlySet<string> =>
  new Set(
    name
      .split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u)
      .filter((part) => part.length > 2)
      .map((part) => stem(part.toLowerCase())),
  );

/** The columns of a CSV summary: a name with its figures on one line, or a name followed by lines of figures. */
export function columns(source: Source): readonly Column[] {
  const found: {
    source: Source;
    name: string;
    terms: ReadonlySet<string>;
    figures: Map<string, string>;
    span: Span;
  }[] = [];
  let heading: { name: string; start: number } | undefined;
  let start = 0;
  for (const line of source.cleaned.split('\n')) {
    const figures = Array.from(line.matchAll(FIGURE));
    const first = figures[0];
    const before = NAME.exec(line.slice(0, Math.min(first?.index ?? line.length, 120)))?.[1]?.trim() ?? '';
    const span = { start: start + line.length - line.trimStart().length, end: start + line.length };
    if (first === undefined) heading = before === '' ? heading : { name: before, start: span.start };
    else if (before !== '') found.push({ source, name: before, terms: termsOf(before), figures: new Map(), span });
    else if (heading !== undefined) {
      found.push({
        source,
        name: heading.name,
        terms: termsOf(heading.name),
        figures: new Map(),
        span: { start: heading.start, end: span.end },
      });
      heading = undefined;
    }
    const column = found.at(-1);
    for (const [, name = '', value = ''] of figures) column?.figures.set(name.toLowerCase(), value);
    start += line.length + 1;
  }
  return found.filter(({ terms, figures }) => terms.size > 0 && figures.size > 1);
}
