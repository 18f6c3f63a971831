import type { TextEvent } from '#src/models/index.js';

type TextPiece = Exclude<TextEvent, { readonly type: 'done' }>;

/** UTF-16 units. JSON makes at most six of each, and the end of an item repeats it: an event of a log takes that. */
const LONGEST_PART = 262_144;

/** A piece of an answer in parts that fit into events: a model may say any amount at once. */
export function partsOf(piece: TextPiece): readonly TextPiece[] {
  const text = piece.type === 'delta' ? piece.text : piece.arguments;
  if (text.length <= LONGEST_PART) return [piece];
  return Array.from({ length: Math.ceil(text.length / LONGEST_PART) }, (_, at) => {
    const part = text.slice(at * LONGEST_PART, (at + 1) * LONGEST_PART);
    return piece.type === 'delta' ? { ...piece, text: part } : { ...piece, arguments: part };
  });
}
