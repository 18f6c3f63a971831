import { clip, wholeUnits } from './clip.policy.js';
import { DANGLING, LEADING, UNFINISHED } from './stop-words.lexicon.js';

/** Good places to cut a long phrase, best first. Nothing is cut before the phrase says something. */
const CUTS: readonly RegExp[] = [
  /[,;:]\s|\s\(|\s[–—-]\s|[、，：]/gu,
  /\s(?=(?:which|because|so that|while|when|whenever|if|after|before|until|although|who|since|unless|where|under|as well)\s)/giu,
  /\s(?=(?:and|or|for|with|without|from|by|at|to|in|on|over|than|of|that)\s)/giu,
];
const SHORTEST = 12;

function cutLong(text: string, max: number): string {
  if (text.length <= max) return text;
  for (const pattern of CUTS) {
    const at = Array.from(text.slice(0, max + 1).matchAll(pattern), ({ index }) => index).findLast(
      (index) => index >= SHORTEST,
    );
    if (at !== undefined)
      return text.slice(0, at).replace(/\s(?:and|or)\s[\p{L}-]{1,20}$|\sbetween\s(?!.*\sand\s).*$/u, '');
  }
  return clip(text, max);
}

function withoutLeading(text: string): string {
  let rest = text;
  for (;;) {
    const first = /^([\p{L}']+)(?:,?\s+)(?=\S)/u.exec(rest);
    if (first?.[1] === undefined || !LEADING.has(first[1].toLowerCase())) return rest;
    if (/^a (?:few|lot|little|dozen|(?:third|half|quarter) of)\b/iu.test(rest)) return rest;
    rest = rest.slice(first[0].length);
  }
}

/** Without end marks, and without the last words in `dangling`. A capitalised word is a name (the month May). */
function withoutTrailing(text: string, dangling: ReadonlySet<string>): string {
  let rest = text;
  for (;;) {
    rest = rest.replace(/(?:(?<!\b\p{L}\.\p{L})\.|[\s,;:!?"'“”‘’()。！？؟、，–—-]){1,8}$/u, '');
    const last = /(?<=\s)[\p{L}']{1,12}$/u.exec(rest);
    if (last === null || !dangling.has(last[0])) return rest;
    rest = rest.slice(0, last.index);
  }
}

function withoutAside(text: string): string {
  const opened = /\([^)]*$/u.exec(text);
  return opened === null ? text : text.slice(0, opened.index);
}

/** A capital first letter, unless the first word has its own way of writing (`iPhone`, `2.0`). */
export function capital(text: string): string {
  const first = /^\p{Ll}[\p{Ll}\p{M}]*(?=$|[^\p{L}])/u.test(text);
  if (!first) return text;
  const end = wholeUnits(text, text.codePointAt(0) === text.charCodeAt(0) ? 1 : 2);
  return text.slice(0, end).toUpperCase() + text.slice(end);
}

/** `capital` undone, to use a label in the middle of a phrase. Names and abbreviations stay as they are. */
export function lower(text: string): string {
  const first = /^\p{Lu}(?=\p{Ll})(?!\p{Ll}+\p{Lu})/u.exec(text);
  return first === null ? text : first[0].toLowerCase() + text.slice(first[0].length);
}

/**
 * A short readable phrase from the words of `text`: no leading conjunction or article, no cut inside a word,
 * no trailing preposition, balanced brackets. Empty when nothing is left.
 */
export function label(text: string, max: number): string {
  const flat = text.replace(/\s+/gu, ' ').replace(/^[\s"'“”‘’(,;:.¿¡!?…。！？؟、，–—*•-]+/u, '');
  const whole = withoutTrailing(withoutLeading(flat), UNFINISHED);
  const short = cutLong(whole, max);
  return capital(withoutAside(short === whole ? whole : withoutTrailing(withoutAside(short), DANGLING)).trim());
}
