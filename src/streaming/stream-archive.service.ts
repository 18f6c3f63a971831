import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { and, eq, lt } from 'drizzle-orm';
import { Clock, CONFIG, type Config, type Stop } from '#src/kernel/index.js';
import { type Hot, type HotKey, Sql, type Tx } from '#src/storage/index.js';
import { framesAfter } from './frames.policy.js';
import { compress, decompress, type LogFrames, readFrames } from './frames-reader.js';
import { dialectOf } from './log-dialects.policy.js';
import { type LogHeader, runOf } from './log-header.js';
import { Runs } from './runs.service.js';
import { streamArchives } from './stream-archives.table.js';
import type { StreamEnd, Terminal } from './stream-end.policy.js';
import type { StreamOwner } from './stream-owner.js';

/** Settles a feature's own rows in the transaction that ends the run. Called at most once with a lasting effect. */
export type Settle = (tx: Tx, end: StreamEnd) => Promise<void>;

/** A run that ended, with the log it filled. */
export interface EndedStream {
  readonly hot: Hot;
  readonly key: HotKey;
  readonly header: LogHeader;
  readonly end: StreamEnd;
  readonly terminal: Terminal;
  readonly settle: Settle | undefined;
}

/** A finished stream as it was sent. */
export interface ArchivedStream {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly frames: Uint8Array;
}

/** What is durably known of a stream whose log is gone. */
export type Trace =
  | { readonly state: 'archived'; readonly stream: ArchivedStream }
  | { readonly state: 'known' }
  | { readonly state: 'unknown' };

const SWEEP_MS = 600_000;

/**
 * Finished streams and the ends of their runs, written together. Of several processes that end one stream, the first to
 * commit decides how it ended.
 */
@Injectable()
export class StreamArchive implements OnModuleInit, OnModuleDestroy {
  private readonly lifeMs: number;
  private stopSweeping: Stop | undefined;

  constructor(
    private readonly sql: Sql,
    private readonly runs: Runs,
    private readonly clock: Clock,
    @Inject(CONFIG) { SSE_SNAPSHOT_TTL_SEC }: Config,
  ) {
    this.lifeMs = SSE_SNAPSHOT_TTL_SEC * 1_000;
  }

  onModuleInit(): void {
    // What cannot be deleted now is deleted next time; nothing reads it meanwhile.
    this.stopSweeping = this.clock.every(SWEEP_MS, () => void this.sweep().catch(() => undefined));
  }

  onModuleDestroy(): void {
    this.stopSweeping?.();
  }

  /** Archives the log with its terminal event and settles its run. Answers the terminal event that counts. */
  async record(ended: EndedStream): Promise<Terminal> {
    const log = ended.header.unkept ? undefined : await readFrames(ended.hot, ended.key);
    if (log === undefined) return this.settle(ended);
    // An archive that is written late finds the last event in the log already.
    const last = log.lastSeq < ended.terminal.seq ? [ended.terminal.frame] : [];
    const frames = await compress([...log.frames, ...last]);
    const decided = await this.sql.tenant(ended.key.tenant, async (tx) => {
      if (!(await this.insert(tx, ended, log, frames))) return false;
      await this.settleIn(tx, ended);
      return true;
    });
    return decided ? ended.terminal : this.winner(ended);
  }

  /** Settles the run alone: there is no log to archive, or not yet. */
  async settle(ended: EndedStream): Promise<Terminal> {
    await this.sql.tenant(ended.key.tenant, (tx) => this.settleIn(tx, ended));
    return ended.terminal;
  }

  /** @throws {AppError} `DEPENDENCY_UNAVAILABLE` */
  async trace(streamId: string, owner: StreamOwner): Promise<Trace> {
    const stream = await this.find(streamId, owner);
    if (stream !== undefined) return { state: 'archived', stream };
    return (await this.runs.ofStream(streamId, owner)) === undefined ? { state: 'unknown' } : { state: 'known' };
  }

  /** Forgets a finished stream, whenever its time is. */
  async forget(streamId: string, owner: StreamOwner): Promise<void> {
    await this.sql.tenant(owner.tenantId, async (tx) => {
      await tx.delete(streamArchives).where(own(streamId, owner));
    });
  }

  /** Forgets what has outlived its time. */
  sweep(): Promise<void> {
    return this.sql.system(async (tx) => {
      await tx.delete(streamArchives).where(lt(streamArchives.expiresAt, new Date(this.clock.now())));
    });
  }

  private async find(streamId: string, owner: StreamOwner): Promise<ArchivedStream | undefined> {
    const mine = own(streamId, owner);
    const [row] = await this.sql.tenant(owner.tenantId, (tx) => tx.select().from(streamArchives).where(mine));
    if (row === undefined || row.expiresAt.getTime() <= this.clock.now()) return undefined;
    return { firstSeq: row.firstSeq, lastSeq: row.lastSeq, frames: await decompress(row.frames) };
  }

  private async insert(tx: Tx, { key, header, terminal }: EndedStream, log: LogFrames, frames: Uint8Array) {
    const now = this.clock.now();
    const { tenantId, principalId } = header.owner;
    const inserted = await tx
      .insert(streamArchives)
      .values({
        streamId: key.id,
        tenantId,
        principalId,
        runId: header.runId,
        firstSeq: log.firstSeq,
        lastSeq: terminal.seq,
        frames,
        finishedAt: new Date(now),
        expiresAt: new Date(now + this.lifeMs),
      })
      .onConflictDoNothing()
      .returning({ streamId: streamArchives.streamId });
    return inserted.length > 0;
  }

  private async settleIn(tx: Tx, { key, header, end, settle }: EndedStream): Promise<void> {
    if (await this.runs.settle(tx, runOf(header, key.id), dialectOf(header.kind).recordOf(end)))
      await settle?.(tx, end);
  }

  private async winner({ key, header, terminal }: EndedStream): Promise<Terminal> {
    const stream = await this.find(key.id, header.owner);
    if (stream === undefined) return terminal;
    const { lastSeq } = stream;
    const frame = framesAfter({ firstSeq: stream.firstSeq, lastSeq, data: stream.frames }, lastSeq - 1);
    return { seq: lastSeq, frame };
  }
}

const own = (streamId: string, { tenantId, principalId }: StreamOwner) =>
  and(
    eq(streamArchives.streamId, streamId),
    eq(streamArchives.tenantId, tenantId),
    eq(streamArchives.principalId, principalId),
  );
