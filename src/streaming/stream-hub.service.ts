import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock, CONFIG, type Config, type Stop } from '#src/kernel/index.js';
import type { Hot, HotKey, LogBatch } from '#src/storage/index.js';
import { LogBeginning } from './log-beginning.js';
import { Orphans } from './orphans.service.js';
import type { Terminal } from './stream-end.policy.js';
import { StreamTail, Ticket } from './stream-tail.js';

/** Silence after which a log is looked at: its producer may be gone, or a notice lost, ms. */
const CHECK_MS = 1_000;

/** Where the readers of this process wait for the ends of their logs. One timer serves them all. */
@Injectable()
export class StreamHub implements OnModuleInit, OnModuleDestroy {
  /** Readers that have everything are asked to leave: the process is about to end. */
  closing = false;
  private readonly tails = new Map<string, StreamTail>();
  /** Logs that are written here: their readers hear of each batch from the run, and need no subscription. */
  private readonly written = new Map<string, LogBeginning | undefined>();
  private readonly checking = new Set<StreamTail>();
  private readonly heartbeatMs: number;
  private stopTicking: Stop | undefined;

  constructor(
    readonly orphans: Orphans,
    private readonly clock: Clock,
    @Inject(CONFIG) { SSE_HEARTBEAT_MS }: Config,
  ) {
    this.heartbeatMs = SSE_HEARTBEAT_MS;
  }

  onModuleInit(): void {
    this.stopTicking = this.clock.every(Math.min(CHECK_MS, Math.ceil(this.heartbeatMs / 2)), () => this.tick());
  }

  onModuleDestroy(): void {
    this.stopTicking?.();
    for (const tail of this.tails.values()) tail.leave();
  }

  /** Readers that are at the end of their logs. */
  get readers(): number {
    return [...this.tails.values()].reduce((count, { tickets }) => count + tickets.size, 0);
  }

  now(): number {
    return this.clock.now();
  }

  /** A place at the end of a log. From the first look on, nothing that is stored is missed. */
  async join(hot: Hot, key: HotKey): Promise<Ticket> {
    const known = this.tails.get(key.id);
    const tail = known ?? new StreamTail(hot, key, () => this.clock.now());
    const ticket = new Ticket(tail, this.clock.now());
    tail.tickets.add(ticket);
    if (known === undefined) {
      this.tails.set(key.id, tail);
      ticket.look = !this.tellBeginning(tail);
    }
    await this.listen(tail);
    return ticket;
  }

  /** A log is written in this process from now on; `new`: nobody wrote to it before. */
  beginWriting(streamId: string, state: 'new' | 'begun'): void {
    this.written.set(streamId, state === 'new' ? new LogBeginning() : undefined);
  }

  /** A batch of a log that is written here is stored. */
  stored(streamId: string, batch: LogBatch): void {
    this.written.get(streamId)?.hear(batch);
    this.tails.get(streamId)?.hear(batch);
  }

  /** Whoever still waits for the end of this log has to hear of it from the store. */
  async endWriting(streamId: string): Promise<void> {
    this.written.delete(streamId);
    const tail = this.tails.get(streamId);
    if (tail === undefined) return;
    await this.listen(tail);
    tail.lookAgain();
  }

  leave(ticket: Ticket): void {
    const { tail } = ticket;
    ticket.closed = true;
    ticket.wake();
    tail.tickets.delete(ticket);
    if (tail.tickets.size > 0) return;
    tail.leave();
    if (this.tails.get(tail.key.id) === tail) this.tails.delete(tail.key.id);
  }

  heartbeatDue({ sentAt }: Ticket): boolean {
    return this.clock.now() - sentAt >= this.heartbeatMs;
  }

  /** Tells the readers here how a run ended that could not write it to its log. */
  endApart(streamId: string, end: Terminal): void {
    const tail = this.tails.get(streamId);
    if (tail === undefined) return;
    tail.end = end;
    tail.lookAgain();
  }

  /** Lets every reader go as soon as it has what is stored. */
  handOver(): void {
    this.closing = true;
    for (const tail of this.tails.values()) tail.lookAgain();
  }

  /** `false` when only the store can say what was written so far. */
  private tellBeginning(tail: StreamTail): boolean {
    const beginning = this.written.get(tail.key.id)?.whole;
    for (const batch of beginning ?? []) tail.hear(batch);
    return beginning !== undefined;
  }

  private async listen(tail: StreamTail): Promise<void> {
    if (!tail.subscribed && !this.written.has(tail.key.id)) await tail.subscribe();
  }

  private tick(): void {
    const now = this.clock.now();
    for (const tail of this.tails.values()) {
      if (now - tail.heardAt >= CHECK_MS) void this.check(tail);
      for (const ticket of tail.tickets) if (this.heartbeatDue(ticket)) ticket.wake();
    }
  }

  private async check(tail: StreamTail): Promise<void> {
    if (this.checking.has(tail)) return;
    this.checking.add(tail);
    try {
      await this.listen(tail);
      const head = await this.orphans.watch(tail.hot, tail.key);
      tail.heardAt = this.clock.now();
      if (head === undefined || head.final || !tail.agrees(head.lastSeq)) tail.lookAgain();
    } catch {
      // Readers ask for themselves and decide how long they wait for the store.
      tail.lookAgain();
    } finally {
      this.checking.delete(tail);
    }
  }
}
