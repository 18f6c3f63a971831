import { wholeUnits } from './clip.policy.js';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Longer runs without an end mark are cut: every later step may then look at whole sentences. */
const LONGEST = 400;
const END = /[.!?。！？؟।۔…;；]/u;
const WIDE = /[。！？；]/u;
const CLOSING = /["'”’)\]»」』]/u;
const ABBREVIATIONS = new Set(
  'dr mr mrs ms prof st jr sr no nr vs approx ca etc inc ltd co fig e.g i.e eg ie z.b bzw art sec dept est al jan feb mar apr jun jul aug sep sept oct nov dec'.split(
    ' ',
  ),
);

function endsSentence(text: string, at: number, from: number): boolean {
  const mark = text.charAt(at);
  if (WIDE.test(mark)) return true;
  const next = /^["'”’)\]»」』]{0,3}(.?)/u.exec(text.slice(at + 1, at + 5))?.[1] ?? '';
  if (next !== '' && !/\s/u.test(next)) return false;
  if (mark !== '.') return true;
  const word = /[\p{L}\p{N}.]*$/u.exec(text.slice(Math.max(from, at - 12), at))?.[0].toLowerCase() ?? '';
  if (ABBREVIATIONS.has(word)) return false;
  return !/^\p{L}$/u.test(word) || /\p{Ll}/u.test(text.charAt(at - 1)) || /^\s*$/u.test(text.slice(at + 1, at + 3));
}

function trimmed(text: string, start: number, end: number): Span {
  let [from, to] = [start, end];
  while (from < to && /\s/u.test(text.charAt(from))) from += 1;
  while (to > from && /\s/u.test(text.charAt(to - 1))) to -= 1;
  return { start: from, end: to };
}

function* pieces(text: string, span: Span): Generator<Span> {
  let start = span.start;
  while (span.end - start > LONGEST) {
    // Not looked for in the whole text: one without any would be searched to its beginning for each piece.
    const near = text.slice(start, start + LONGEST + 2);
    const [comma, space] = [near.lastIndexOf(', ', LONGEST), near.lastIndexOf(' ', LONGEST)];
    const within = [comma + 1, space].find((at) => at > LONGEST / 2);
    const cut = within === undefined ? wholeUnits(text, start + LONGEST) : start + within;
    yield trimmed(text, start, cut);
    start = cut;
  }
  yield trimmed(text, start, span.end);
}

/** The sentences of one block, in order; semicolons end a sentence too. Abbreviations, initials and decimals do not. */
export function sentences(text: string, block: Span): readonly Span[] {
  const found: Span[] = [];
  let from = block.start;
  for (let at = block.start; at < block.end; at += 1) {
    if (!END.test(text.charAt(at)) || !endsSentence(text, at, from)) continue;
    while (at + 1 < block.end && (END.test(text.charAt(at + 1)) || CLOSING.test(text.charAt(at + 1)))) at += 1;
    for (const piece of pieces(text, { start: from, end: at + 1 })) found.push(piece);
    from = at + 1;
  }
  if (from < block.end) for (const piece of pieces(text, { start: from, end: block.end })) found.push(piece);
  return found.filter(({ start, end }) => end > start);
}
