/** One event as a client sees it. */
export interface IncomingEvent {
  /** The last id seen so far, also for events without one; empty before the first. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** An event grew past the decoder's bound; the connection should be dropped. */
export class SseOverflowError extends Error {
  constructor(readonly maxEventLength: number) {
    super(`A server-sent event is longer than ${maxEventLength} characters`);
    this.name = 'SseOverflowError';
  }
}

/**
 * Incremental decoder of `text/event-stream` (WHATWG HTML §9.2.6): the same events come out however the bytes are cut.
 * An event that the end of the connection cut off never comes out.
 *
 * @example
 * const decoder = new SseDecoder({ maxEventLength: 1_048_576 });
 * for await (const chunk of response.body) for (const event of decoder.push(chunk)) handle(event);
 */
export class SseDecoder {
  /** What the server asked a reconnecting client to wait; `undefined` until it did. */
  retryMs: number | undefined;
  private readonly utf8 = new TextDecoder();
  private readonly maxEventLength: number;
  private line: string[] = [];
  private data: string[] = [];
  private event = '';
  private id = '';
  private size = 0;
  private afterCarriageReturn = false;

  /** @param options.maxEventLength longest event accepted, in UTF-16 units, comments and field names included */
  constructor({ maxEventLength }: { readonly maxEventLength: number }) {
    this.maxEventLength = maxEventLength;
  }

  /** The id a reconnecting client sends as `Last-Event-ID`; empty before the first. */
  get lastEventId(): string {
    return this.id;
  }

  /**
   * The events that these bytes complete.
   *
   * @throws {SseOverflowError}
   */
  push(chunk: Uint8Array): IncomingEvent[] {
    const text = this.utf8.decode(chunk, { stream: true });
    const events: IncomingEvent[] = [];
    const ends = new LineEnds(text);
    let start = this.skipLineFeed(text);
    for (let end = ends.after(start); end !== -1; end = ends.after(start)) {
      this.takeLine(text.slice(start, end), events);
      start = end + 1;
      if (text.charCodeAt(end) !== CARRIAGE_RETURN) continue;
      if (start === text.length) this.afterCarriageReturn = true;
      else if (text.charCodeAt(start) === LINE_FEED) start += 1;
    }
    if (start < text.length) this.keepPart(text.slice(start));
    return events;
  }

  /** The second half of a CRLF that the cut between two chunks went through. */
  private skipLineFeed(text: string): number {
    if (!this.afterCarriageReturn || text === '') return 0;
    this.afterCarriageReturn = false;
    return text.charCodeAt(0) === LINE_FEED ? 1 : 0;
  }

  private keepPart(part: string): void {
    this.grow(part.length);
    this.line.push(part);
  }

  private takeLine(end: string, events: IncomingEvent[]): void {
    this.grow(end.length);
    const line = this.line.length === 0 ? end : this.line.join('') + end;
    if (this.line.length > 0) this.line = [];
    if (line === '') this.dispatch(events);
    else if (line.startsWith(':')) this.size -= line.length;
    else this.field(line);
  }

  private grow(length: number): void {
    this.size += length;
    if (this.size > this.maxEventLength) throw new SseOverflowError(this.maxEventLength);
  }

  private field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1);
    if (name === 'data') this.data.push(value);
    else if (name === 'event') this.event = value;
    else if (name === 'id' && !value.includes('\0')) this.id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
  }

  private dispatch(events: IncomingEvent[]): void {
    if (this.data.length > 0) {
      events.push({ id: this.id, event: this.event === '' ? 'message' : this.event, data: this.data.join('\n') });
      this.data = [];
    }
    this.event = '';
    this.size = 0;
  }
}

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const SPACE = 32;

/** Where the lines of a text end: each of the two characters is looked for again only once it is passed. */
class LineEnds {
  private feed: number;
  private carriage: number;

  constructor(private readonly text: string) {
    this.feed = text.indexOf('\n');
    this.carriage = text.indexOf('\r');
  }

  after(start: number): number {
    if (this.feed !== -1 && this.feed < start) this.feed = this.text.indexOf('\n', start);
    if (this.carriage !== -1 && this.carriage < start) this.carriage = this.text.indexOf('\r', start);
    if (this.feed === -1 || this.carriage === -1) return Math.max(this.feed, this.carriage);
    return Math.min(this.feed, this.carriage);
  }
}
