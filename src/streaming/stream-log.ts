import type { Clock, Stop } from '#src/kernel/index.js';
import type { Hot, HotKey, LogBatch, LogTerms } from '#src/storage/index.js';
import { BatchBuilder, type LogPosition, type SealedBatch } from './batch-builder.js';
import type { AppendOutcome } from './log-types.js';

/** One log in one store, and the name under which this producer holds it. */
export interface LogTarget {
  readonly hot: Hot;
  readonly key: HotKey;
  readonly holder: string;
  readonly terms: LogTerms;
  /** Set when another producer began this log. */
  readonly from?: LogPosition;
}

/**
 * Why a log cannot be written on. `fenced`: another process took it over. `lost`: the store forgot events.
 * `unreachable`: the store has not answered for {@link UNREACHABLE_MS}; writing is still tried.
 */
export type Trouble = 'fenced' | 'lost' | 'unreachable';

export interface LogEvents {
  /** Somebody asked for this log, through the store, to be cancelled. May be said more than once. */
  readonly cancelRequested: () => void;
  /** Said once a kind. */
  readonly trouble: (trouble: Trouble) => void;
  readonly stored: (batch: LogBatch) => void;
  /** Said once: the log outgrew its terms and lost its oldest events. */
  readonly trimmed: () => void;
}

/** How long the store may be silent before its readers are told, ms. */
export const UNREACHABLE_MS = 5_000;
/** Longest time an event waits for others to be stored with, ms. */
const FLUSH_MS = 5;
const URGENT_EVENTS = 64;
const URGENT_BYTES = 32_768;
const MAX_PENDING_EVENTS = 256;
const MAX_PENDING_BYTES = 262_144;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;
const RENEW_MS = 1_000;
/** The shortest hold there is. */
const RELEASED_MS = 1;

const AT_ONCE = Promise.resolve();

/**
 * Writes one stream's log: numbers events, extends their hash, and stores them in batches, one append under way at a time.
 * The first event after a pause is stored at once; those that follow within 5 ms, or while an append is under way, go together.
 */
export class StreamLog {
  private readonly builder: BatchBuilder;
  private stopped = false;
  private sending = false;
  private timer: Stop | undefined;
  private sentAt = Number.NEGATIVE_INFINITY;
  private heardAt: number;
  private failingSince: number | undefined;
  private unreachable = false;
  private storedBytes = 0;
  private trimmed = false;
  private room: PromiseWithResolvers<void> | undefined;
  private empty: PromiseWithResolvers<void> | undefined;

  constructor(
    private readonly target: LogTarget,
    private readonly clock: Clock,
    private readonly events: LogEvents,
  ) {
    this.builder = new BatchBuilder(target.key.id, target.from);
    this.heardAt = clock.now();
  }

  /** Number of the next event. */
  get nextSeq(): number {
    return this.builder.lastSeq + 1;
  }

  /** Rolling hash over all events so far, hex. */
  get root(): string {
    return this.builder.root;
  }

  /** Adds an event; it is stored soon after {@link flush}. */
  add(event: string, data: string): void {
    this.builder.add(event, data);
  }

  /** Sees to it that what was added is stored. Resolves when there is room for more, or when nothing can be stored any more. */
  flush(): Promise<void> {
    this.schedule();
    if (this.stopped || !this.crowded()) return AT_ONCE;
    this.room ??= Promise.withResolvers();
    return this.room.promise;
  }

  /** Resolves when everything added is stored, or when nothing can be stored any more. */
  drained(): Promise<void> {
    if (this.stopped || this.builder.pendingEvents === 0) return AT_ONCE;
    this.empty ??= Promise.withResolvers();
    this.schedule();
    return this.empty.promise;
  }

  /** Stores the last event, which is outside the hash. Nothing may be added afterwards. */
  end(frame: Uint8Array): Promise<void> {
    this.builder.end(frame);
    return this.drained();
  }

  /** Extends the hold if nothing was stored lately. */
  async renew(): Promise<void> {
    if (this.stopped || this.sending || this.clock.now() - this.heardAt < RENEW_MS) return;
    const { hot, key, holder, terms } = this.target;
    // A store that cannot answer a renewal is noticed by the next append; the hold outlives it until somebody takes over.
    const result = await hot.renewLog(key, holder, terms).catch(() => undefined);
    if (result !== undefined && !this.stopped) this.hear(result);
  }

  /** Lets go of a log that is not over, so that another producer can go on with it at once. Without the store the hold runs out. */
  async release(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    const { hot, key, holder, terms } = this.target;
    await hot.renewLog(key, holder, { ...terms, leaseMs: RELEASED_MS }).catch(() => undefined);
  }

  private schedule(): void {
    if (this.sending || this.stopped || this.builder.pendingEvents === 0) return;
    const wait = this.urgent() ? 0 : this.sentAt + FLUSH_MS - this.clock.now();
    if (wait <= 0) void this.send();
    else this.timer ??= this.clock.after(wait, () => void this.send());
  }

  private async send(): Promise<void> {
    this.timer?.();
    this.timer = undefined;
    if (this.sending) return;
    this.sending = true;
    do {
      const batch = this.builder.next();
      if (batch === undefined) break;
      this.sentAt = this.clock.now();
      if (!(await this.stored(batch))) break;
      this.builder.stored(batch);
      this.events.stored(batch);
      this.measure(batch);
      this.wake();
    } while (this.urgent());
    this.sending = false;
    this.schedule();
  }

  /** Tries until the batch is stored or never will be. Repeating an append whose answer was lost is safe. */
  private async stored(batch: SealedBatch): Promise<boolean> {
    const { hot, key, holder, terms } = this.target;
    const options = { state: batch.state, final: batch.final };
    for (let wait = FIRST_RETRY_MS; !this.stopped; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      const result = await hot.append(key, holder, batch, terms, options).catch(() => undefined);
      if (result !== undefined) return this.hear(result);
      this.noteSilence();
      await this.clock.sleep(wait);
    }
    return false;
  }

  private measure({ lastSeq, data }: SealedBatch): void {
    const { maxEvents, maxBytes } = this.target.terms;
    this.storedBytes += data.length;
    if (this.trimmed || (lastSeq <= maxEvents && this.storedBytes <= maxBytes)) return;
    this.trimmed = true;
    this.events.trimmed();
  }

  private hear(result: AppendOutcome): boolean {
    this.heardAt = this.clock.now();
    this.failingSince = undefined;
    if (result.outcome === 'stored') {
      if (result.cancelRequested) this.events.cancelRequested();
      return true;
    }
    this.stop(result.outcome === 'lost' ? 'lost' : 'fenced');
    return false;
  }

  private noteSilence(): void {
    const now = this.clock.now();
    this.failingSince ??= now;
    const silentMs = now - this.failingSince;
    if (silentMs >= this.target.terms.ttlMs) this.stop('lost');
    if (this.unreachable || silentMs < UNREACHABLE_MS) return;
    this.unreachable = true;
    this.events.trouble('unreachable');
  }

  private stop(trouble: Trouble): void {
    if (this.stopped) return;
    this.stopped = true;
    this.timer?.();
    this.wake();
    this.events.trouble(trouble);
  }

  private urgent(): boolean {
    const { pendingEvents, pendingBytes, ended } = this.builder;
    return pendingEvents > 0 && (ended || pendingEvents >= URGENT_EVENTS || pendingBytes >= URGENT_BYTES);
  }

  private crowded(): boolean {
    return this.builder.pendingEvents > MAX_PENDING_EVENTS || this.builder.pendingBytes > MAX_PENDING_BYTES;
  }

  private wake(): void {
    if (this.stopped || !this.crowded()) {
      this.room?.resolve();
      this.room = undefined;
    }
    if (!this.stopped && this.builder.pendingEvents > 0) return;
    this.empty?.resolve();
    this.empty = undefined;
  }
}
