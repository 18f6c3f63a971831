import { HEARTBEAT } from '#libs/sse/index.js';
import type { Dialect, Translation } from '#src/http/index.js';

const ID_LINE = /(^|\n\n)id: (\d+)\n/g;
const SEPARATOR = '\n\n';
const DONE = 'data: [DONE]\n\n';

/** After this event nothing follows. */
const TERMINAL = /(^|\n)event: response\.(completed|incomplete|failed)\n/;

/**
 * Rewrites the ids of whole frames; bytes may come cut anywhere. The data of an event is one line of JSON, so nothing in it looks
 * like the head of a frame; latin1 keeps every byte what it is.
 */
class Reframed implements Translation {
  private rest = '';
  private over = false;

  constructor(
    private readonly idLine: (id: number) => string,
    private readonly last: string | undefined,
  ) {}

  take(log: Uint8Array): Uint8Array {
    const text = this.rest + Buffer.from(log.buffer, log.byteOffset, log.byteLength).toString('latin1');
    const end = text.lastIndexOf(SEPARATOR);
    if (end === -1) {
      this.rest = text;
      return Buffer.from(HEARTBEAT);
    }
    this.rest = text.slice(end + SEPARATOR.length);
    const whole = text.slice(0, end + SEPARATOR.length);
    this.over ||= TERMINAL.test(whole);
    const told = whole.replace(ID_LINE, (_, start: string, id: string) => start + this.idLine(Number(id)));
    return Buffer.from(told, 'latin1');
  }

  /** A log that stops before its end is not over: its reader has to see that. */
  end(): Uint8Array | undefined {
    return this.last === undefined || !this.over ? undefined : Buffer.from(this.last);
  }
}

/** How a POST is answered: no ids, and `[DONE]` behind the last event. */
export const postedFrames: Dialect = () => new Reframed(() => '', DONE);

/** How a GET is answered: ids that are sequence numbers, so that `Last-Event-ID` says where to go on. */
export const readFrames: Dialect = () => new Reframed((id) => `id: ${id - 1}\n`, undefined);
