import { type DestinationStream, pino } from 'pino';
import type { Clock } from './clock.js';

/** Characters that are written without waiting for more. */
const ENOUGH = 4_096;
/** How long a line waits for others, ms. */
const MOMENT_MS = 100;

interface Sink extends DestinationStream {
  flushSync(): void;
}

/**
 * Standard output. Lines are gathered for a moment: a write per line would cost more than the rest of a request's log
 * event. They are gathered here, because the stream itself looks through all it holds at each of them. Whoever ends the
 * process flushes it.
 */
export class StandardOutput implements Sink {
  private lines: string[] = [];
  private length = 0;

  constructor(
    clock: Clock,
    private readonly sink: Sink = pino.destination({ dest: 1, sync: true }),
  ) {
    clock.every(MOMENT_MS, () => this.pass());
  }

  write(line: string): void {
    this.lines.push(line);
    this.length += line.length;
    if (this.length >= ENOUGH) this.pass();
  }

  /** Returns when everything is written. */
  flushSync(): void {
    this.pass();
    this.sink.flushSync();
  }

  private pass(): void {
    if (this.length === 0) return;
    const text = this.lines.join('');
    this.lines = [];
    this.length = 0;
    this.sink.write(text);
  }
}
