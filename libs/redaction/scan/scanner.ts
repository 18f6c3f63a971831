import { placeholder, type RedactionCounts, Tally } from '../kinds.js';
import type { Match, Tail } from './detector.js';
import type { Triggers } from './triggers.js';
import { isHighSurrogate } from './units.js';
import { CONTEXT, Window } from './window.js';

/** Redacts one text from left to right. A whole text is a stream of one chunk: there is one path for both. */
export class Scanner {
  private readonly window = new Window();
  private readonly tally = new Tally();
  private readonly triggers: Triggers;
  /** Decided text to look back at, then the undecided text. */
  private text: string;
  /** Index of the first undecided unit in `text`. */
  private undecided: number;
  /** End of the last match in `text`. */
  private floor = 0;
  private tail: Tail | undefined;

  /** @param context what stands before the text: looked back at, never released */
  constructor(triggers: Triggers, context = '') {
    this.triggers = triggers;
    this.text = context.slice(-CONTEXT);
    this.undecided = this.text.length;
  }

  get counts(): RedactionCounts {
    return this.tally.counts();
  }

  /**
   * Takes more text and answers what is decided by it.
   *
   * @param final nothing comes behind this chunk, so everything is decided
   */
  feed(chunk: string, final: boolean): string {
    this.text = this.text === '' ? chunk : this.text + chunk;
    this.window.open(this.text, this.floor, final);
    const released = this.release(final);
    this.forget();
    return released;
  }

  private release(final: boolean): string {
    let released = '';
    this.followTail();
    this.triggers.search.open(this.text, this.undecided);
    while (this.tail === undefined) {
      const from = this.undecided;
      const match = this.search(from, final);
      if (match === undefined) return released + this.text.slice(from, this.undecided);
      released += this.text.slice(from, match.start) + placeholder(match.kind);
      this.tally.add(match.kind);
      this.tail = match.tail;
      this.moveTo(match.end);
      this.followTail();
    }
    return released;
  }

  /** The next match; without one, `undecided` moves to where the next call has to begin. */
  private search(from: number, final: boolean): Match | undefined {
    const { text, window } = this;
    const { search } = this.triggers;
    for (let at = search.next(from); at < text.length; at = search.next(at + 1)) {
      const match = this.detect(at);
      if (window.starved) {
        this.undecided = window.runStart(at);
        return undefined;
      }
      if (match !== undefined) return match;
    }
    this.undecided = final ? text.length : this.firstUndecided();
    return undefined;
  }

  private detect(at: number): Match | undefined {
    for (const detect of this.triggers.of(this.text.charCodeAt(at))) {
      const match = detect(this.window, at);
      if (match !== undefined || this.window.starved) return match;
    }
    return undefined;
  }

  /** A match may have begun in the run at the end; and a pair of surrogates is released together. */
  private firstUndecided(): number {
    const { length } = this.text;
    const start = this.window.runStart(length);
    return start === length && isHighSurrogate(this.text.charCodeAt(length - 1)) ? length - 1 : start;
  }

  /** Swallows what the last match goes on with; the tail is kept while its end is not in sight. */
  private followTail(): void {
    if (this.tail === undefined) return;
    this.moveTo(this.tail(this.window, this.undecided));
    if (!this.window.starved) this.tail = undefined;
  }

  private moveTo(end: number): void {
    this.undecided = end;
    this.floor = end;
    this.window.raiseFloor(end);
  }

  private forget(): void {
    const start = Math.max(0, this.undecided - CONTEXT);
    if (start === 0) return;
    this.text = this.text.slice(start);
    this.undecided -= start;
    this.floor = Math.max(0, this.floor - start);
  }
}
