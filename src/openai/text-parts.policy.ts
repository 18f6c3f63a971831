import type { TextEvent } from '#src/models/index.js';

type TextPiece = Exclude<TextEvent, { readonly type: 'done' }>;

/** UTF-16 units. JSON makes at most six of each, and the end of an item repeats it: an event of a log takes that. */
const LONGEST_PART = 262_144;

/** A piece of an answer in parts that fit into events: a model may say any amount at once. No part ends within a character. */
export function partsOf(piece: TextPiece): readonly TextPiece[] {
  const text = piece.type === 'tool_delta' ? piece.arguments : piece.text;
  if (text.length <= LONGEST_PART) return [piece];
  const parts: TextPiece[] = [];
  for (let from = 0; from < text.length; ) {
    const to = from + LONGEST_PART - (isHighSurrogate(text.charCodeAt(from + LONGEST_PART - 1)) ? 1 : 0);
    const part = text.slice(from, to);
    parts.push(piece.type === 'tool_delta' ? { ...piece, arguments: part } : { ...piece, text: part });
    from = to;
  }
  return parts;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
