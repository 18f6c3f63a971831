import type { Hot, HotKey, LogBatch } from '#src/storage/index.js';
import type { Terminal } from './stream-end.policy.js';

/** What all readers of a log in this process share of its newest batches, bytes. */
const RECENT_BYTES = 65_536;

/** One reader's place at the end of a log. */
export class Ticket {
  /** The store has to be asked: something may have happened that no notice told. */
  look = true;
  /** The reader went away. */
  closed = false;
  /** When this reader was last sent something, Unix ms. */
  sentAt: number;
  private waiting: (() => void) | undefined;

  constructor(
    readonly tail: StreamTail,
    now: number,
  ) {
    this.sentAt = now;
  }

  /** Resolves at the next notice or tick that concerns this reader. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }

  wake(): void {
    const resolve = this.waiting;
    this.waiting = undefined;
    resolve?.();
  }
}

/** The end of one log, as this process hears of it: one subscription for any number of readers. */
export class StreamTail {
  readonly tickets = new Set<Ticket>();
  /** Highest number a notice told of: where {@link since} ends. */
  lastSeq = 0;
  /** When something was last heard of the log, Unix ms. */
  heardAt: number;
  /** How the run ended, when that could not be written to the log. */
  end: Terminal | undefined;
  private recent: LogBatch[] = [];
  private recentBytes = 0;
  private readSeq = 0;
  private subscribing: Promise<void> | undefined;
  private unsubscribe: (() => void) | undefined;
  private left = false;

  constructor(
    readonly hot: Hot,
    readonly key: HotKey,
    private readonly now: () => number,
  ) {
    this.heardAt = now();
  }

  get subscribed(): boolean {
    return this.unsubscribe !== undefined;
  }

  /** Begins to hear of the log, once. A store that cannot be reached is tried again by the next check. */
  subscribe(): Promise<void> {
    this.subscribing ??= this.begin().finally(() => {
      this.subscribing = undefined;
    });
    return this.subscribing;
  }

  /** A batch was stored; `undefined`: something may have happened that was not heard of. */
  hear(batch: LogBatch | undefined): void {
    this.heardAt = this.now();
    if (batch === undefined) {
      this.lookAgain();
      return;
    }
    if (batch.lastSeq > this.lastSeq) this.keep(batch);
    this.wakeAll();
  }

  leave(): void {
    this.left = true;
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  /** The newest batches behind a cursor; `undefined` when the store has to be asked for them. */
  since(after: number): readonly LogBatch[] | undefined {
    const first = this.recent[0];
    if (first === undefined || first.firstSeq > after + 1) return undefined;
    let at = this.recent.length;
    while (at > 0 && (this.recent[at - 1]?.lastSeq ?? 0) > after) at -= 1;
    return this.recent.slice(at);
  }

  /** The log itself was read up to here. */
  found(lastSeq: number): void {
    this.readSeq = lastSeq;
  }

  /** Whether the log is where the readers here believe it is. */
  agrees(lastSeq: number): boolean {
    return lastSeq === Math.max(this.lastSeq, this.readSeq);
  }

  /** Every reader asks the store. */
  lookAgain(): void {
    for (const ticket of this.tickets) ticket.look = true;
    this.wakeAll();
  }

  wakeAll(): void {
    for (const ticket of this.tickets) ticket.wake();
  }

  private async begin(): Promise<void> {
    const stop = await this.hot.followLog(this.key, (batch) => this.hear(batch)).catch(() => undefined);
    if (this.left) stop?.();
    else this.unsubscribe = stop;
  }

  private keep(batch: LogBatch): void {
    if (batch.firstSeq !== this.lastSeq + 1) this.forget();
    this.lastSeq = batch.lastSeq;
    this.recent.push(batch);
    this.recentBytes += batch.data.length;
    while (this.recentBytes > RECENT_BYTES && this.recent.length > 1) {
      this.recentBytes -= this.recent.shift()?.data.length ?? 0;
    }
  }

  private forget(): void {
    this.recent = [];
    this.recentBytes = 0;
  }
}
