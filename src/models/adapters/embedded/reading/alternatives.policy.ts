import type { Span } from '../text/sentences.policy.js';
import { isContent, words } from '../text/words.policy.js';
import { VERBS } from './verbs.lexicon.js';

/** One way to go, in the writer's words; `text` may be completed from its neighbour ("buy or lease buses" → "buy buses"). */
export interface Alternative {
  readonly text: string;
  /** Where its own words stand, as offsets into the text that was taken apart. */
  readonly span: Span;
}

const OR = /,?\s+(?:or(?:\s+else)?|versus|vs\.?)\s+/giu;
const AND = /,?\s+and\s+/giu;
const COMMA = /,\s+/gu;
const PREPOSITION = /\s(?:for|at|in|on|during|with|by|to|from|over|per|after|before|until|through)\s/iu;

function cut(text: string, base: number, at: RegExp): readonly Alternative[] {
  const found: Alternative[] = [];
  let start = 0;
  for (const match of [...text.matchAll(at), undefined]) {
    const end = match?.index ?? text.length;
    found.push({ text: text.slice(start, end), span: { start: base + start, end: base + end } });
    start = end + (match?.[0].length ?? 0);
  }
  return found;
}

const says = (part: Alternative): boolean =>
  words(part.text, 0).some((word) => isContent(word) && !/^\d+$/.test(word.lower));
const isShort = (part: Alternative): boolean => part.text.split(/\s+/).length <= 9;

/** Members of one list begin alike: all with a verb, or none, and none with a number or a preposition. */
function alike(parts: readonly Alternative[]): boolean {
  const first = parts.map(
    ({ text }) =>
      text
        .trim()
        .replace(/^(?:to|either)\s/iu, '')
        .split(/\s+/, 1)[0]
        ?.toLowerCase() ?? '',
  );
  if (first.some((word) => /^(?:\d.*|for|at|in|on|by|with|from|which|who|about|under|over)$/.test(word))) return false;
  const verbs = first.filter((word) => VERBS.has(word)).length;
  return verbs === 0 || verbs === first.length;
}

/** "to a cheaper one" after "keep the supplier": the noun is shared. "only during lessons" after "ban phones for the whole day": the beginning is shared. */
function completed(part: Alternative, first: Alternative): string {
  const noun = first.text.trim().split(/\s+/).at(-1) ?? '';
  if (/\s(?:an?|the)\s[\p{L}-]{2,20}\sone$/iu.test(part.text)) return part.text.replace(/one$/iu, noun);
  const elliptic = /^(?:(?:only|just)\s)?(?:for|at|in|on|during|with|by|from|over|per|after|before|until|through)\s/iu;
  if (!elliptic.test(part.text)) return part.text;
  const head = PREPOSITION.exec(first.text);
  return `${head === null ? first.text : first.text.slice(0, head.index)} ${part.text}`;
}

function shared(part: Alternative, last: Alternative): string {
  const [verb, ...others] = part.text.trim().split(/\s+/);
  const [lastVerb, ...object] = last.text.trim().split(/\s+/);
  const bare = verb !== undefined && others.length === 0 && VERBS.has(verb.toLowerCase());
  return bare && lastVerb !== undefined && VERBS.has(lastVerb.toLowerCase())
    ? `${verb} ${object.join(' ')}`
    : part.text;
}

/** Takes "A, B or C" apart (with `joiner` 'and': "between A, B and C"). Empty when there are not two things to choose from. */
export function alternatives(text: string, joiner: 'or' | 'and'): readonly Alternative[] {
  const outer = cut(text, 0, joiner === 'or' ? OR : AND);
  if (outer.length < 2) return [];
  const parts = outer.flatMap((part, index) => {
    if (index === outer.length - 1) return [part];
    const inner = cut(part.text, part.span.start, COMMA);
    return inner.every((one) => isShort(one) && says(one)) && alike(inner) ? inner : [part];
  });
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined || !parts.every(says)) return [];
  return parts.map((part, index) => ({ ...part, text: index === 0 ? shared(part, last) : completed(part, first) }));
}
