import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AppError, Clock, type Stop } from '#src/kernel/index.js';
import type { LogHeader } from './log-header.js';
import { ResumeTokens } from './resume-tokens.service.js';
import { StreamEnds } from './stream-ends.service.js';
import { StreamHub } from './stream-hub.service.js';
import type { LogTarget } from './stream-log.js';
import { type Produce, type RunHooks, type RunOver, type RunParts, StreamRun } from './stream-run.js';

/** Runs of one process at a time; far more than a process can usefully serve. */
const MAX_RUNS = 10_000;
const TICK_MS = 1_000;

/** A run about to begin, and the log it fills. */
export interface NewRunParts {
  readonly target: LogTarget;
  readonly header: LogHeader;
  readonly hooks: RunHooks;
}

/** The runs of this process. One timer keeps all of their holds. */
@Injectable()
export class StreamRunner implements OnModuleInit, OnModuleDestroy {
  private readonly active = new Map<string, StreamRun>();
  private readonly parts: RunParts;
  private stopTicking: Stop | undefined;
  private idling: PromiseWithResolvers<void> | undefined;

  constructor(ends: StreamEnds, tokens: ResumeTokens, hub: StreamHub, clock: Clock) {
    this.parts = { ends, tokens, hub, clock };
  }

  onModuleInit(): void {
    const ms = Math.min(TICK_MS, Math.max(50, this.parts.tokens.refreshAfterMs / 8));
    this.stopTicking = this.parts.clock.every(ms, () => {
      for (const run of this.active.values()) run.tick();
    });
  }

  onModuleDestroy(): void {
    this.stopTicking?.();
  }

  /** Number of runs under way. */
  get size(): number {
    return this.active.size;
  }

  /** @throws {AppError} `NOT_READY` when this process has all the runs it can take */
  checkRoom(): void {
    if (this.active.size < MAX_RUNS) return;
    throw new AppError('NOT_READY', 'Too many streams are running here', { retryAfterMs: TICK_MS });
  }

  /** Begins the work; it goes on whoever listens. Resolves when it is over and its log ended, or left. */
  start({ target, header, hooks }: NewRunParts, produce: Produce): Promise<RunOver> {
    const run = new StreamRun(target, header, hooks, this.parts);
    const { id } = target.key;
    this.active.set(id, run);
    this.parts.hub.beginWriting(id, target.from === undefined ? 'new' : 'begun');
    return run.run(produce).finally(() => this.forget(id));
  }

  find(streamId: string): StreamRun | undefined {
    return this.active.get(streamId);
  }

  /** Resolves when no run is left, or after `ms`. */
  async idle(ms: number): Promise<void> {
    if (this.active.size === 0) return;
    this.idling ??= Promise.withResolvers();
    const waiting = new AbortController();
    await Promise.race([this.idling.promise, this.parts.clock.sleep(ms, waiting.signal)]);
    waiting.abort();
  }

  /** Gives the readers of every run a fresh token. */
  async handOver(): Promise<void> {
    await Promise.all([...this.active.values()].map((run) => run.handOver()));
  }

  /** Ends every run with this error. */
  abortAll(reason: AppError): void {
    for (const run of this.active.values()) run.abort(reason);
  }

  private forget(streamId: string): void {
    this.active.delete(streamId);
    void this.parts.hub.endWriting(streamId);
    if (this.active.size > 0) return;
    this.idling?.resolve();
    this.idling = undefined;
  }
}
