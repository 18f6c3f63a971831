import { sectionOf } from './sections.policy.js';

export type BlockKind = 'prose' | 'item' | 'heading' | 'subject' | 'question';

/** A run of lines that belong together (offsets into the text, end exclusive). */
export interface Block {
  readonly kind: BlockKind;
  readonly start: number;
  readonly end: number;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const ITEM = /^\s{0,12}(?:[-+*|•◦▪‣·–—]|\d{1,2}[.)]|\(?[a-z]\)|\(\d{1,2}\))\s+(?=\S)/iu;
const HASH = /^\s{0,3}#{1,6}\s+/;
const META = /^\s*(?:to|from|cc|bcc|date|sent|attn|attachments?|memo(?:randum)?)\s*(?::.*)?$/iu;
const SUBJECT = /^\s*(?:re|subject|betreff|objet|asunto|title)\s*:\s*/iu;
const QUESTION = /^\s*(?:q\d{0,2}|question)\s*[:.)]\s*/iu;
const ANSWER = /^\s*(?:a\d{0,2}|answer)\s*[:.)]\s+/iu;
const LABELLED = /^\s*\p{Lu}[\p{L} '’-]{1,40}[:.]\s+\S/u;
const RULE = /^[\s\-=_*#|:.]*$/u;

function lines(text: string): readonly Line[] {
  const found: Line[] = [];
  let start = 0;
  while (start <= text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    found.push({ text: text.slice(start, end), start, end });
    start = end + 1;
  }
  return found;
}

/** A short line alone between a gap and a following text: a title. A written-out title word counts without the gap. */
function isTitle(line: Line, previous: Line | undefined, next: Line | undefined): boolean {
  const text = line.text.trim();
  if (text.length > 70 || /[.!?,;。！？]$/u.test(text) || !/^[\p{L}\p{N}]/u.test(text) || /[.!?]\s/u.test(text))
    return false;
  if (text.endsWith(':') || text === text.toUpperCase()) return text.split(/\s+/).length <= 8 && /\p{L}{3}/u.test(text);
  const follows = previous === undefined || RULE.test(previous.text);
  const leads =
    next !== undefined && (ITEM.test(next.text) || RULE.test(next.text) || next.text.length > text.length + 10);
  return follows && leads && text.split(/\s+/).length <= 6 && /^\p{Lu}/u.test(text);
}

/** Text that is wrapped fills its lines: a shorter one was ended on purpose. */
const FULL_LINE = 60;
const SENTENCE_END = /[.!?…:][)"'”’]?\s*$/u;

/** A line at the margin behind a bullet that had come to its end. */
function leavesItem(line: Line, previous: Line | undefined): boolean {
  if (previous === undefined || !/^[\p{Lu}\p{N}]/u.test(line.text)) return false;
  return SENTENCE_END.test(previous.text) || previous.text.trim().length < FULL_LINE;
}

const isShort = (line: Line | undefined): boolean =>
  line !== undefined && !RULE.test(line.text) && line.text.trim().length < FULL_LINE;

/** Where a list without bullets is: short lines, two or more, behind a title that ends in a colon. */
type List = 'none' | 'announced' | 'begun';

function listAt(list: List, { kind, opens }: Shape, line: Line, next: Line | undefined): List {
  if (kind === 'heading') return line.text.trimEnd().endsWith(':') ? 'announced' : 'none';
  if (list === 'none' || kind !== 'prose' || opens || !isShort(line)) return 'none';
  return list === 'begun' || isShort(next) ? 'begun' : 'none';
}

type Shape = { readonly kind: BlockKind; readonly skip: number; readonly opens: boolean };

function shapeOf(line: Line, previous: Line | undefined, next: Line | undefined): Shape | undefined {
  const skip = (pattern: RegExp): number => pattern.exec(line.text)?.[0].length ?? 0;
  if (RULE.test(line.text) || META.test(line.text)) return undefined;
  if (HASH.test(line.text)) return { kind: 'heading', skip: skip(HASH), opens: true };
  if (SUBJECT.test(line.text)) return { kind: 'subject', skip: skip(SUBJECT), opens: true };
  if (QUESTION.test(line.text)) return { kind: 'question', skip: skip(QUESTION), opens: true };
  if (ANSWER.test(line.text)) return { kind: 'prose', skip: skip(ANSWER), opens: true };
  if (ITEM.test(line.text)) return { kind: 'item', skip: skip(ITEM), opens: true };
  if (isTitle(line, previous, next)) return { kind: 'heading', skip: 0, opens: true };
  const labelled = LABELLED.test(line.text) && sectionOf(line.text.split(/[:.]/u, 1)[0] ?? '') !== undefined;
  return { kind: 'prose', skip: 0, opens: labelled };
}

/** The blocks of a cleaned text. Wrapped lines are joined to what they continue; memo headers and rules are left out. */
export function blocks(text: string): readonly Block[] {
  const all = lines(text);
  const found: Block[] = [];
  let open: Block | undefined;
  let list: List = 'none';
  all.forEach((line, index) => {
    const shape = shapeOf(line, all[index - 1], all[index + 1]);
    if (shape === undefined) {
      open = undefined;
      if (list === 'begun') list = 'none';
      return;
    }
    list = listAt(list, shape, line, all[index + 1]);
    const begins = shape.opens || list === 'begun' || (open?.kind === 'item' && leavesItem(line, all[index - 1]));
    if (begins || (open?.kind !== 'prose' && open?.kind !== 'item')) open = undefined;
    if (open !== undefined) found.pop();
    const kind = list === 'begun' ? 'item' : shape.kind;
    open = { kind: open?.kind ?? kind, start: open?.start ?? line.start + shape.skip, end: line.end };
    found.push(open);
  });
  return found;
}
