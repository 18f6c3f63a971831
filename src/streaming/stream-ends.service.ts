import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock, isUnavailable, Log } from '#src/kernel/index.js';
import type { LogHeader } from './log-header.js';
import { Receipts } from './receipts.service.js';
import { type EndedStream, StreamArchive } from './stream-archive.service.js';
import { problemOf, type StreamEnd, type Terminal } from './stream-end.policy.js';
import { terminalOf } from './terminal.policy.js';

/** Longest time a terminal event waits for the archive, ms. */
export const ARCHIVE_WAIT_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** Ends streams: makes their terminal event, and writes down durably how they ended. */
@Injectable()
export class StreamEnds implements OnModuleDestroy {
  private readonly closing = new AbortController();

  constructor(
    private readonly archive: StreamArchive,
    private readonly receipts: Receipts,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleDestroy(): void {
    this.closing.abort();
  }

  /**
   * The terminal event behind `count` events.
   *
   * @param root rolling hash over them, hex
   */
  terminal(streamId: string, header: LogHeader, end: StreamEnd, events: { count: number; root: string }): Terminal {
    const receipt = this.receipts.receipt(streamId, events.count, events.root);
    return terminalOf(end, { seq: events.count + 1, receipt }, header);
  }

  /**
   * Archives the stream and settles its run, before the terminal event is shown to anybody. A database that is away holds
   * the event up for at most {@link ARCHIVE_WAIT_MS}; archiving then goes on in the background.
   *
   * @returns the terminal event that counts: another process may have ended the stream first
   */
  async conclude(ended: EndedStream): Promise<Terminal> {
    this.report(ended);
    const waiting = new AbortController();
    const patience = this.clock.sleep(ARCHIVE_WAIT_MS, waiting.signal);
    const decided = await Promise.race([this.recorded(ended), patience]);
    waiting.abort();
    return decided ?? ended.terminal;
  }

  /** Settles the run of a stream that cannot be archived now. */
  async settle(ended: EndedStream): Promise<void> {
    await this.archive.settle(ended).catch((cause) => {
      this.log.warn({ stream_id: ended.key.id, run_id: ended.header.runId, cause }, 'run.unsettled');
    });
  }

  /** A log that loses its oldest events is never trimmed in silence: readers get a `gap`, operators this. */
  noteTrimming(streamId: string, { runId, kind }: LogHeader): void {
    this.log.warn({ stream_id: streamId, run_id: runId, kind }, 'stream.trimmed');
  }

  private async recorded(ended: EndedStream): Promise<Terminal> {
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      const terminal = await this.attempt(ended);
      if (terminal !== undefined) return terminal;
      await this.clock.sleep(wait, this.closing.signal);
      if (this.closing.signal.aborted) return ended.terminal;
    }
  }

  private async attempt(ended: EndedStream): Promise<Terminal | undefined> {
    try {
      return await this.archive.record(ended);
    } catch (cause) {
      if (isUnavailable(cause)) return undefined;
      this.log.error({ stream_id: ended.key.id, run_id: ended.header.runId, cause }, 'stream.unsettled');
      // Not the database but what the feature wanted to write: the stream is archived without it.
      return ended.settle === undefined ? ended.terminal : this.attempt({ ...ended, settle: undefined });
    }
  }

  private report({ key, header, end, terminal }: EndedStream): void {
    const fields = { stream_id: key.id, run_id: header.runId, status: end.status, events: terminal.seq };
    if (end.status === 'completed') this.log.info(fields, 'stream.ended');
    else this.log.info({ ...fields, problem: problemOf(end), cause: end.error.cause }, 'stream.ended');
  }
}
