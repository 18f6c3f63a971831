import { AppError, type Clock } from '#src/kernel/index.js';
import type { LogDialect } from './log-dialect.js';
import { dialectOf } from './log-dialects.policy.js';
import type { LogHeader } from './log-header.js';
import type { ResumeTokens } from './resume-tokens.service.js';
import type { EndedStream, Settle } from './stream-archive.service.js';
import { endOf, failed, type StreamEnd, type Terminal } from './stream-end.policy.js';
import type { StreamEnds } from './stream-ends.service.js';
import type { StreamHub } from './stream-hub.service.js';
import { type LogTarget, StreamLog, type Trouble } from './stream-log.js';
import { BEHIND_ALL } from './stream-store.service.js';
import { eventData, stepOf } from './stream-writer.policy.js';

/** What a producer is given. */
export interface StreamWriter {
  /** Aborts when the run is cancelled or cannot go on; its reason is the error the stream ends with. */
  readonly signal: AbortSignal;
  /** Number of the last event; 0 before the first. */
  readonly lastSeq: number;
  /** Adds an event. Resolves when there is room for more: a producer that awaits it never outruns the store. */
  emit(event: string, data: unknown): Promise<void>;
}

/**
 * The work itself. What it resolves to is the payload of `complete`, and its `usage`, if it has one, is recorded with the run;
 * what it throws ends the stream with `error`.
 */
export type Produce = (writer: StreamWriter) => Promise<unknown>;

/** `ended`: its log is over. `left`: the log is as it was, for whoever goes on with it. */
export type RunOver = 'ended' | 'left';

/** What a feature has to say to the end of its run. */
export interface RunHooks {
  /** Settles the feature's own rows in the transaction that ends the run. */
  readonly settle?: Settle | undefined;
  /** Adds to an end what the work came to. */
  readonly conclude?: ((end: StreamEnd) => StreamEnd) | undefined;
}

export interface RunParts {
  readonly ends: StreamEnds;
  readonly tokens: ResumeTokens;
  readonly hub: StreamHub;
  readonly clock: Clock;
}

/** One run and its log, from the first event to the last, whoever listens. */
export class StreamRun {
  private readonly log: StreamLog;
  private readonly abortion = new AbortController();
  private readonly writer: StreamWriter;
  private readonly dialect: LogDialect;
  private readonly troubled = Promise.withResolvers<Trouble>();
  private trouble: Trouble | undefined;
  private leaving = false;
  private step = '';
  private tokenDueAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly target: LogTarget,
    readonly header: LogHeader,
    private readonly hooks: RunHooks,
    private readonly parts: RunParts,
  ) {
    this.log = new StreamLog(target, parts.clock, {
      cancelRequested: () => this.abort(cancelled()),
      trouble: (trouble) => this.meet(trouble),
      stored: (batch) => parts.hub.stored(target.key.id, batch),
      trimmed: () => parts.ends.noteTrimming(target.key.id, header),
    });
    const { log } = this;
    this.dialect = dialectOf(header.kind);
    this.writer = {
      signal: this.abortion.signal,
      emit: (event, data) => this.emit(event, data),
      get lastSeq() {
        return log.nextSeq - 1;
      },
    };
  }

  /** Runs the work to its end and ends the log, unless it is left. Never rejects. */
  async run(produce: Produce): Promise<RunOver> {
    const end = await this.outcome(produce);
    // Aborts what the work left running.
    this.abort(new AppError('CANCELLED', 'The run is over'));
    const trouble = await Promise.race([this.log.drained().then(() => this.trouble), this.troubled.promise]);
    if (trouble === undefined && this.leaving) {
      await this.log.release();
      return 'left';
    }
    if (trouble === undefined) await this.conclude(end);
    if (trouble === 'unreachable') await this.endUnreachable();
    if (trouble === 'lost') await this.endLost();
    return 'ended';
  }

  /** Stops the work at once; the stream ends with this error. */
  abort(reason: AppError): void {
    if (!this.abortion.signal.aborted) this.abortion.abort(reason);
  }

  cancel(): void {
    this.abort(cancelled());
  }

  /** Stops the work and leaves the log as it is; does nothing when the work is over. */
  leave(): void {
    if (this.abortion.signal.aborted) return;
    this.leaving = true;
    this.abort(new AppError('NOT_READY', 'Another process goes on with this run'));
  }

  /** Called every second: keeps the hold and the resume token fresh. */
  tick(): void {
    void this.log.renew();
    if (this.parts.clock.now() >= this.tokenDueAt && !this.abortion.signal.aborted) this.refreshToken();
  }

  /** Gives readers a fresh token to take elsewhere. */
  async handOver(): Promise<void> {
    if (this.log.nextSeq > 1 && !this.abortion.signal.aborted) this.refreshToken();
    await this.log.drained();
  }

  private async outcome(produce: Produce): Promise<StreamEnd> {
    const { signal } = this.abortion;
    const aborted = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
    try {
      return { status: 'completed', payload: await Promise.race([aborted.promise, produce(this.writer)]) };
    } catch (failure) {
      return endOf(failure);
    }
  }

  private async emit(event: string, data: unknown): Promise<void> {
    this.abortion.signal.throwIfAborted();
    const text = eventData(event, data, this.dialect.endings);
    this.step = stepOf(event, data);
    const first = this.log.nextSeq === 1;
    this.log.add(event, text);
    if (first) this.addToken();
    return this.log.flush();
  }

  private refreshToken(): void {
    this.addToken();
    void this.log.flush();
  }

  private addToken(): void {
    const { key } = this.target;
    const claims = { streamId: key.id, owner: this.header.owner, seq: this.log.nextSeq, step: this.step };
    const issued = this.dialect.resumeTokens ? this.parts.tokens.issue(claims) : undefined;
    if (issued === undefined) return;
    this.tokenDueAt = this.parts.clock.now() + this.parts.tokens.refreshAfterMs;
    const expires = new Date(issued.expiresAt).toISOString();
    this.log.add('resume', JSON.stringify({ token: issued.token, expires_at: expires }));
  }

  private meet(trouble: Trouble): void {
    this.trouble = trouble;
    this.troubled.resolve(trouble);
    this.abort(new AppError('DEPENDENCY_UNAVAILABLE', TROUBLES[trouble]));
  }

  private async conclude(end: StreamEnd): Promise<void> {
    const ended = this.ended(end);
    const decided = await this.parts.ends.conclude(ended);
    const terminal = decided.seq === ended.terminal.seq ? decided : ended.terminal;
    const stored = this.log.end(terminal.frame);
    const trouble = await Promise.race([stored.then(() => this.trouble), this.troubled.promise]);
    if (trouble === undefined || trouble === 'fenced') return;
    // Archived, but not in the log: the readers here need not wait for the store.
    this.parts.hub.endApart(this.target.key.id, terminal);
    await stored;
  }

  /** The store is silent: readers here are told now, the log when it is back. */
  private async endUnreachable(): Promise<void> {
    const ended = this.endedBadly();
    await this.parts.ends.settle(ended);
    await this.log.drained();
    if (this.trouble !== 'unreachable') return;
    const { frame }: Terminal = await this.parts.ends.conclude(ended);
    await this.log.end(frame);
  }

  /** The store forgot events: readers here are told, and what is left of the log is closed for all others. */
  private async endLost(): Promise<void> {
    await this.parts.ends.settle(this.endedBadly());
    const { hot, key } = this.target;
    try {
      const head = (await hot.readLog(key, BEHIND_ALL, 1))?.head;
      if (head === undefined || head.final) return;
      await this.parts.hub.orphans.close(this.target, head, new AppError('DEPENDENCY_UNAVAILABLE', TROUBLES.lost));
    } catch {
      // The log is gone, or its store is: its readers find that out themselves.
    }
  }

  private endedBadly(): EndedStream {
    const detail = TROUBLES[this.trouble ?? 'lost'];
    const ended = this.ended(failed(new AppError('DEPENDENCY_UNAVAILABLE', detail)));
    this.parts.hub.endApart(this.target.key.id, ended.terminal);
    return ended;
  }

  private ended(bare: StreamEnd): EndedStream {
    const { hot, key } = this.target;
    const end = this.hooks.conclude?.(bare) ?? bare;
    const events = { count: this.log.nextSeq - 1, root: this.log.root };
    const terminal = this.parts.ends.terminal(key.id, this.header, end, events);
    return { hot, key, header: this.header, end, terminal, settle: this.hooks.settle };
  }
}

const TROUBLES: Readonly<Record<Trouble, string>> = {
  fenced: 'Another process ended this stream',
  lost: 'The store lost events of this stream',
  unreachable: 'The store of this stream does not answer; the run was stopped',
};

const cancelled = (): AppError => new AppError('CANCELLED', 'The run was cancelled');
