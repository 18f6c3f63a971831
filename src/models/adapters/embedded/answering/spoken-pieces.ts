import { AppError } from '#src/kernel/index.js';
import type { ChatMessage, TextRequest } from '../../../provider.port.js';
import { formed } from '../filling/formed.js';
import { wholeUnits } from '../text/clip.policy.js';
import { answer } from './answer.policy.js';

/** JSON is told in pieces of this length, or in so many. */
const SHORTEST_PIECE = 64;
const MOST_PIECES = 50;

/**
 * The answer to a request in pieces, in order; `undefined` where the caller may pause.
 *
 * @throws {AppError} `BAD_INPUT` for what this model cannot do
 */
export function* spokenPieces(request: TextRequest): Generator<string | undefined, void> {
  refuse(request);
  if (request.format !== undefined) {
    yield* inPieces(JSON.stringify(yield* formed(request.format, request.messages)));
    return;
  }
  let first = true;
  for (const sentence of answer(request.messages)) {
    yield sentence === undefined || first ? sentence : ` ${sentence}`;
    if (sentence !== undefined) first = false;
  }
}

function refuse({ messages, toolChoice }: TextRequest): void {
  if (messages.some(hasImage)) throw new AppError('BAD_INPUT', 'The embedded model cannot read images');
  if (toolChoice === 'required' || typeof toolChoice === 'object')
    throw new AppError('BAD_INPUT', 'The embedded model calls no tools: it answers in text');
}

const hasImage = ({ content }: ChatMessage): boolean =>
  typeof content !== 'string' && content.some(({ type }) => type === 'image');

function* inPieces(text: string): Generator<string> {
  const size = Math.max(SHORTEST_PIECE, Math.ceil(text.length / MOST_PIECES));
  for (let at = 0; at < text.length; ) {
    const end = wholeUnits(text, Math.min(text.length, at + size));
    yield text.slice(at, end);
    at = end;
  }
}
