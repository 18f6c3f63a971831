import type { Clock } from '#src/kernel/index.js';
import type { AppendOutcome, LogBatch, LogHead, LogSlice, LogTerms } from '../hot.port.js';
import { decideAppend, isOver } from '../log.machine.js';
import { BatchList } from './batch-list.js';
import { ExpiringMap } from './expiring-map.js';

interface StoredLog {
  readonly header: Uint8Array;
  readonly batches: BatchList;
  state: Uint8Array;
  holder: string;
  heldUntil: number;
  firstSeq: number;
  lastSeq: number;
  final: boolean;
  cancelRequested: boolean;
  events: number;
  bytes: number;
}

/** What a log and a batch cost beside their bytes, about. */
const LOG_OVERHEAD = 512;
const BATCH_OVERHEAD = 96;

/** Logs in memory. When there is no room left, finished ones go, oldest first. */
export class MemoryLogs {
  private readonly live = new ExpiringMap<StoredLog>();
  private readonly finished = new ExpiringMap<StoredLog>();

  /** @param maxBytes of all logs together */
  constructor(
    private readonly clock: Clock,
    private readonly maxBytes: number,
  ) {}

  /** Makes room for more bytes. `false` when there is none. */
  makeRoom(bytes: number): boolean {
    while (this.live.bytes + this.finished.bytes + bytes > this.maxBytes) if (!this.finished.dropOldest()) return false;
    return true;
  }

  sweep(count: number): void {
    this.live.sweep(count, this.clock.now());
    this.finished.sweep(count, this.clock.now());
  }

  open(name: string, holder: string, header: Uint8Array, terms: LogTerms): boolean {
    if (this.find(name) !== undefined) return false;
    const log: StoredLog = {
      header: header.slice(),
      batches: new BatchList(),
      state: new Uint8Array(),
      holder,
      heldUntil: 0,
      firstSeq: 1,
      lastSeq: 0,
      final: false,
      cancelRequested: false,
      events: 0,
      bytes: 0,
    };
    this.extend(name, log, terms);
    return true;
  }

  append(
    name: string,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    options: { readonly state: Uint8Array; readonly final: boolean },
  ): AppendOutcome {
    const log = this.find(name);
    const decision = decideAppend(log, holder, batch);
    if (log === undefined) return { outcome: 'lost' };
    if (decision !== 'store' && decision !== 'stored') return { outcome: decision };
    if (decision === 'store') {
      if (options.final) this.live.delete(name);
      add(log, batch, terms);
      log.state = options.state.slice();
      log.final = options.final;
    }
    this.extend(name, log, terms);
    return { outcome: 'stored', cancelRequested: log.cancelRequested };
  }

  renew(name: string, holder: string, terms: LogTerms): AppendOutcome {
    const log = this.find(name);
    if (log === undefined) return { outcome: 'lost' };
    if (log.holder !== holder) return { outcome: 'fenced' };
    if (log.final) return { outcome: 'finished' };
    this.extend(name, log, terms);
    return { outcome: 'stored', cancelRequested: log.cancelRequested };
  }

  takeOver(name: string, holder: string, terms: LogTerms): boolean {
    const log = this.find(name);
    if (log === undefined || log.final || (this.isHeld(log) && log.holder !== holder)) return false;
    log.holder = holder;
    this.extend(name, log, terms);
    return true;
  }

  requestCancel(name: string): boolean {
    const log = this.find(name);
    if (log === undefined || log.final) return false;
    log.cancelRequested = true;
    return true;
  }

  drop(name: string): void {
    this.live.delete(name);
    this.finished.delete(name);
  }

  read(name: string, after: number, maxBytes: number): LogSlice | undefined {
    const log = this.find(name);
    return log === undefined ? undefined : { head: this.headOf(log), batches: log.batches.after(after, maxBytes) };
  }

  private find(name: string): StoredLog | undefined {
    const now = this.clock.now();
    return this.live.get(name, now) ?? this.finished.get(name, now);
  }

  private isHeld({ final, heldUntil }: StoredLog): boolean {
    return !final && heldUntil > this.clock.now();
  }

  /** Renews hold and life, and counts the log's size anew. */
  private extend(name: string, log: StoredLog, { leaseMs, ttlMs }: LogTerms): void {
    const now = this.clock.now();
    log.heldUntil = now + leaseMs;
    const bytes = LOG_OVERHEAD + log.header.length + log.state.length + log.bytes + log.batches.size * BATCH_OVERHEAD;
    (log.final ? this.finished : this.live).set(name, log, { bytes, expiresAt: now + ttlMs, now });
  }

  private headOf(log: StoredLog): LogHead {
    const { header, state, firstSeq, lastSeq, final, cancelRequested } = log;
    return { header, state, firstSeq, lastSeq, final, held: this.isHeld(log), cancelRequested };
  }
}

function add(log: StoredLog, batch: LogBatch, terms: LogTerms): void {
  const { batches } = log;
  batches.push(batch);
  log.events += batch.lastSeq - batch.firstSeq + 1;
  log.bytes += batch.data.length;
  log.lastSeq = batch.lastSeq;
  while (batches.size > 1 && isOver(log, terms)) {
    const oldest = batches.first;
    if (oldest === undefined) break;
    batches.dropFirst();
    log.events -= oldest.lastSeq - oldest.firstSeq + 1;
    log.bytes -= oldest.data.length;
  }
  log.firstSeq = batches.first?.firstSeq ?? batch.firstSeq;
}
