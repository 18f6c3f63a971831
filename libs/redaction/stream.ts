import { triggersOf } from './detectors.js';
import type { RedactionCounts } from './kinds.js';
import type { RedactorOptions } from './redactor.js';
import { Scanner } from './scan/scanner.js';

/** Redacts a text that comes in pieces. */
export interface StreamRedactor {
  /** Answers what the chunk decides: the text so far, without what may still become a match. */
  push(chunk: string): string;
  /** Answers what was held back. Nothing can be pushed afterwards. */
  end(): string;
  /** Of what was replaced so far. */
  readonly counts: RedactionCounts;
}

/**
 * A redactor for one stream: all answers together equal `redact` of all chunks together, however the text is cut, also
 * inside a pair of surrogates. Units are UTF-16, so bytes go through a streaming decoder first.
 *
 * In prose it holds back the word under way; a number or the head of a credential is held until it is decided. A
 * credential of any length, such as a PEM block, is never held as a whole: its placeholder is answered once its head is
 * certain, and the rest is dropped as it comes. `docs/redaction.md` has the bound.
 *
 * @example
 * const redactor = createStreamRedactor({ mode: 'standard' });
 * for await (const chunk of chunks) write(redactor.push(chunk));
 * write(redactor.end());
 */
export function createStreamRedactor({ mode }: RedactorOptions): StreamRedactor {
  const scanner = new Scanner(triggersOf(mode));
  let ended = false;
  const feed = (chunk: string, final: boolean): string => {
    if (ended) throw new TypeError('The stream has ended: a redactor serves one stream');
    ended = final;
    return scanner.feed(chunk, final);
  };
  return {
    push: (chunk) => feed(chunk, false),
    end: () => feed('', true),
    get counts() {
      return scanner.counts;
    },
  };
}
