import { Injectable } from '@nestjs/common';
import { AppError, Clock, Log } from '#src/kernel/index.js';
import type { Hot, HotKey } from '#src/storage/index.js';
import { dialectOf } from './log-dialects.policy.js';
import { decodeHeader } from './log-header.js';
import type { LogHead } from './log-types.js';
import { RollingHash } from './rolling-hash.js';
import { endOf } from './stream-end.policy.js';
import { StreamEnds } from './stream-ends.service.js';
import { BEHIND_ALL, StreamStore } from './stream-store.service.js';

const NOTHING = new Uint8Array();

/** Ends streams whose producer is gone, so that nobody waits for them in silence. */
@Injectable()
export class Orphans {
  private lastTroubleAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: StreamStore,
    private readonly ends: StreamEnds,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Looks at a log and ends it if nobody holds it. Of many processes that look, exactly one does. A store that did not do as
   * told let no producer renew its hold either: those have the time of one to come back.
   *
   * @returns its head as it was found; `undefined` when there is no such log
   */
  async watch(hot: Hot, key: HotKey): Promise<LogHead | undefined> {
    try {
      const head = (await hot.readLog(key, BEHIND_ALL, 1))?.head;
      if (head !== undefined && isOrphan(head)) await this.endAbandoned(hot, key);
      return head;
    } catch (cause) {
      this.lastTroubleAt = this.clock.now();
      throw cause;
    }
  }

  /** Ends an orphaned log with this error; `false` when somebody holds it, or it is over. */
  async end(hot: Hot, key: HotKey, error: AppError): Promise<boolean> {
    const taken = await this.store.takeOver(hot, key);
    if (taken === undefined) return false;
    this.log.warn({ stream_id: key.id, last_seq: taken.head.lastSeq, problem: error.code }, 'stream.adopted');
    return this.close(taken.target, taken.head, error);
  }

  private async endAbandoned(hot: Hot, key: HotKey): Promise<void> {
    const { leaseMs } = this.store.terms;
    if (this.clock.now() - this.lastTroubleAt >= leaseMs) await this.end(hot, key, producerGone());
    // Raises what keeps the trouble from being over.
    else await hot.set({ tenant: key.tenant, area: 'lock', id: 'orphans' }, NOTHING, leaseMs);
  }

  /** Ends a log that this holder holds. */
  async close(held: { hot: Hot; key: HotKey; holder: string }, head: LogHead, error: AppError): Promise<boolean> {
    const { hot, key, holder } = held;
    const header = decodeHeader(head.header);
    const end = endOf(error);
    const root = (head.lastSeq === 0 ? RollingHash.of(key.id) : RollingHash.from(head.state)).root;
    const own = this.ends.terminal(key.id, header, end, { count: head.lastSeq, root });
    const decided = await this.ends.conclude({ hot, key, header, end, terminal: own, settle: undefined });
    const { seq, frame } = decided.seq === own.seq ? decided : own;
    const batch = { firstSeq: seq, lastSeq: seq, data: frame };
    const options = { state: head.state, final: true };
    return (await hot.append(key, holder, batch, this.store.terms, options)).outcome === 'stored';
  }
}

/** Nobody holds it and nobody will: the run of a durable kind is taken up by a job. */
const isOrphan = ({ final, held, header }: LogHead): boolean =>
  !final && !held && !dialectOf(decodeHeader(header).kind).durable;

/** The table has no code for "our own process died"; `INTERNAL` is the one that puts the fault where it lies. */
export const producerGone = (): AppError =>
  new AppError('INTERNAL', 'The process that produced this stream ended before the stream did');
