import { type PublicJwk, SigningKeys } from '#src/audit/index.js';
import { type Config, Drain, loadConfig, UuidIds } from '#src/kernel/index.js';
import { MemoryHot } from '#src/storage/adapters/memory-hot.js';
import { type Hot, Sql } from '#src/storage/index.js';
import { Attendance } from '#src/streaming/attendance.service.js';
import { framesAfter } from '#src/streaming/frames.policy.js';
import { readFrames } from '#src/streaming/frames-reader.js';
import { Orphans } from '#src/streaming/orphans.service.js';
import { Receipts } from '#src/streaming/receipts.service.js';
import { ResumeTokens } from '#src/streaming/resume-tokens.service.js';
import { Runs } from '#src/streaming/runs.service.js';
import type { RunRow } from '#src/streaming/runs.table.js';
import { type EndedStream, StreamArchive, type Trace } from '#src/streaming/stream-archive.service.js';
import { StreamCancels } from '#src/streaming/stream-cancels.service.js';
import type { Terminal } from '#src/streaming/stream-end.policy.js';
import { StreamEnds } from '#src/streaming/stream-ends.service.js';
import { StreamHandover } from '#src/streaming/stream-handover.service.js';
import { StreamHub } from '#src/streaming/stream-hub.service.js';
import { StreamOpener } from '#src/streaming/stream-opener.service.js';
import type { StreamOwner } from '#src/streaming/stream-owner.js';
import { StreamReaders } from '#src/streaming/stream-readers.service.js';
import { StreamRunner } from '#src/streaming/stream-runner.service.js';
import { StreamStore } from '#src/streaming/stream-store.service.js';
import { Streams } from '#src/streaming/streams.service.js';
import { FakeClock } from './fake-clock.ts';
import { QuietLog } from './quiet-log.ts';
import { unavailable } from './unavailable.ts';

const log = new QuietLog();
const LIMITS = { valueBytes: 1_048_576, logBytes: 64 * 1_048_576 } as const;

/** A database nobody can reach. */
export class NoSql extends Sql {
  readonly kind = 'postgres';
  tenant = <T>(): Promise<T> => Promise.reject(unavailable());
  system = <T>(): Promise<T> => Promise.reject(unavailable());
  ping = (): Promise<number> => Promise.reject(unavailable());
  close = async (): Promise<void> => undefined;
}

/** What is durable, in a map: shared by all instances of a world. */
export class DurableRecord {
  readonly archived = new Map<string, EndedStream & { readonly bytes: Uint8Array; readonly firstSeq: number }>();
  readonly ended = new Map<string, EndedStream>();
  readonly begun = new Map<string, StreamOwner>();
  /** While false, the database does not answer. */
  available = true;
}

class RecordedRuns extends Runs {
  constructor(
    config: Config,
    clock: FakeClock,
    private readonly record: DurableRecord,
  ) {
    super(config, new NoSql(), clock);
  }

  override async announce({ streamId = '', owner }: Parameters<Runs['announce']>[0]): Promise<void> {
    if (!this.record.available) throw unavailable();
    this.record.begun.set(streamId, owner);
  }

  override async ofStream(): Promise<RunRow | undefined> {
    return undefined;
  }
}

class RecordedArchive extends StreamArchive {
  constructor(
    runs: Runs,
    clock: FakeClock,
    config: Config,
    private readonly kept: DurableRecord,
  ) {
    super(new NoSql(), runs, clock, config);
  }

  override async record(ended: EndedStream): Promise<Terminal> {
    const stored = await readFrames(ended.hot, ended.key);
    if (!this.kept.available) throw unavailable();
    const winner = this.kept.archived.get(ended.key.id);
    if (winner !== undefined) return winner.terminal;
    if (stored !== undefined) {
      const bytes = Buffer.concat([...stored.frames, ended.terminal.frame]);
      this.kept.archived.set(ended.key.id, { ...ended, bytes, firstSeq: stored.firstSeq });
    }
    return this.settle(ended);
  }

  override async settle(ended: EndedStream): Promise<Terminal> {
    if (!this.kept.available) throw unavailable();
    if (!this.kept.ended.has(ended.key.id)) this.kept.ended.set(ended.key.id, ended);
    return ended.terminal;
  }

  override async trace(streamId: string, owner: StreamOwner): Promise<Trace> {
    const row = this.kept.archived.get(streamId);
    const mine = (other: StreamOwner | undefined) => JSON.stringify(other) === JSON.stringify(owner);
    if (row !== undefined && mine(row.header.owner)) {
      const { firstSeq, terminal, bytes } = row;
      const batch = { firstSeq, lastSeq: terminal.seq, data: bytes };
      return {
        state: 'archived',
        stream: { firstSeq, lastSeq: terminal.seq, frames: framesAfter(batch, 0) },
      };
    }
    return { state: mine(this.kept.begun.get(streamId)) ? 'known' : 'unknown' };
  }
}

/** One process of the service, as far as streams are concerned. */
export interface StreamInstance {
  readonly streams: Streams;
  readonly runner: StreamRunner;
  readonly hub: StreamHub;
  readonly drain: Drain;
  /** Ends as `kill -9` does: nothing of it runs on. */
  kill(): void;
}

/** Instances that share a store, a durable record and a clock that only the test moves. */
export class StreamWorld {
  readonly clock = new FakeClock();
  readonly hot = new MemoryHot(this.clock, log, LIMITS);
  readonly record = new DurableRecord();
  /** What receipts of this world are checked with. */
  readonly publicKeys: PublicJwk[] = [];
  readonly owner: StreamOwner = { tenantId: 'acme', principalId: 'key_1' };
  private readonly config: Config;

  constructor(env: Readonly<Record<string, string>> = {}) {
    const variables = { NODE_ENV: 'test', SSE_RESUME_SECRET: 'resume-secret-of-the-test-world-1', ...env };
    this.config = loadConfig(variables, () => undefined);
  }

  /** @param hot the way of this instance to the shared store */
  instance(hot: Hot = this.hot): StreamInstance {
    const { clock, config, record } = this;
    const local = hot === this.hot ? this.hot : new MemoryHot(clock, log, LIMITS);
    const drain = new Drain();
    const runs = new RecordedRuns(config, clock, record);
    const archive = new RecordedArchive(runs, clock, config, record);
    const keys = new SigningKeys(config, new NoSql(), clock, log);
    this.publicKeys.push(keys.publicJwk);
    const store = new StreamStore(hot, local, new UuidIds(clock), config);
    const ends = new StreamEnds(archive, new Receipts(keys), clock, log);
    const orphans = new Orphans(store, ends, clock, log);
    const hub = new StreamHub(orphans, clock, config);
    const tokens = new ResumeTokens(config, clock);
    const runner = new StreamRunner(ends, tokens, hub, clock);
    const opener = new StreamOpener(store, runner, runs, drain);
    const readers = new StreamReaders(store, hub, archive, tokens, new Attendance(runner, store, clock));
    const streams = new Streams(opener, readers, new StreamCancels(store, runner, orphans, runs), runs);
    for (const part of [hub, runner, new StreamHandover(drain, runner, hub, config)]) part.onModuleInit();
    const kill = (): void => {
      for (const part of [hub, runner, ends]) part.onModuleDestroy();
    };
    return { streams, runner, hub, drain, kill };
  }

  /** Lets everything that waits for nothing but its turn run; a reader gives it up once, before it joins the live end. */
  async settle(): Promise<void> {
    await this.clock.advance(0);
    await this.clock.advance(0);
  }
}
