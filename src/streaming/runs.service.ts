import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { and, eq, lt, type SQL, sql } from 'drizzle-orm';
import { Clock, CONFIG, type Config } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import { type RunRow, runs } from './runs.table.js';
import { storableJson } from './storable-json.policy.js';
import type { RunEnd } from './stream-end.policy.js';
import type { StreamOwner } from './stream-owner.js';

export interface NewRun {
  readonly id: string;
  readonly owner: StreamOwner;
  readonly kind: string;
  readonly streamId?: string;
  /** Digest of what was asked, hex; empty when nobody recorded it. */
  readonly requestSha256?: string;
  /** Unix ms; now when left out. */
  readonly startedAt?: number;
}

/** The durable record of model work: one row a run, written when it starts and when it ends. */
@Injectable()
export class Runs {
  /** Names this process, and the process that takes its place after a restart. */
  readonly instance: string;
  /** Unix ms. */
  readonly startedAt: number;

  constructor(
    @Inject(CONFIG) { HOST, PORT }: Config,
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {
    // Any number of processes may run on port 0 of a host.
    this.instance = `${hostname()}/${HOST}:${PORT === 0 ? randomUUID() : PORT}`;
    this.startedAt = clock.now();
  }

  /** No other process can use this database. */
  get alone(): boolean {
    return this.sql.kind === 'pglite';
  }

  now(): number {
    return this.clock.now();
  }

  /** Records that a run began; of one that is recorded already, where it goes on. */
  async begin(run: NewRun): Promise<void> {
    await this.sql.tenant(run.owner.tenantId, (tx) => tx.execute(this.beginning(run)));
  }

  /**
   * {@link begin} in one round trip, for a run that is settled whatever becomes of this: a database that froze may write what
   * it was sent long after nobody waits for it.
   */
  async announce(run: NewRun): Promise<void> {
    await this.sql.statement(run.owner.tenantId, this.beginning(run));
  }

  /** Ends a run, once: `false` when it had ended before. A run whose start could not be recorded is recorded now. */
  async settle(tx: Tx, run: NewRun, end: RunEnd): Promise<boolean> {
    const outcome = this.outcome(end);
    const changed = await tx
      .insert(runs)
      .values({ ...this.row(run), ...outcome })
      .onConflictDoUpdate({ target: runs.id, set: outcome, setWhere: eq(runs.status, 'running') })
      .returning({ id: runs.id });
    return changed.length > 0;
  }

  /** The run behind a stream; `undefined` also when it is somebody else's. */
  async ofStream(streamId: string, { tenantId, principalId }: StreamOwner): Promise<RunRow | undefined> {
    const own = and(eq(runs.streamId, streamId), eq(runs.tenantId, tenantId), eq(runs.principalId, principalId));
    const [row] = await this.sql.tenant(tenantId, (tx) => tx.select().from(runs).where(own).limit(1));
    return row;
  }

  /** The processes that runs are recorded as running in. */
  async instances(): Promise<readonly string[]> {
    const rows = await this.sql.system((tx) =>
      tx.selectDistinct({ instance: runs.instance }).from(runs).where(eq(runs.status, 'running')),
    );
    return rows.map(({ instance }) => instance);
  }

  /** Runs of a process that began before an instant (Unix ms) and are not over. */
  leftBy(instance: string, before: number, limit: number): Promise<RunRow[]> {
    const left = and(eq(runs.status, 'running'), eq(runs.instance, instance), lt(runs.createdAt, new Date(before)));
    return this.sql.system((tx) => tx.select().from(runs).where(left).limit(limit));
  }

  /** Ends a run that nobody works at any more. */
  async close({ id, tenantId }: Pick<RunRow, 'id' | 'tenantId'>, end: RunEnd): Promise<void> {
    const own = and(eq(runs.id, id), eq(runs.tenantId, tenantId), eq(runs.status, 'running'));
    await this.sql.tenant(tenantId, async (tx) => {
      await tx.update(runs).set(this.outcome(end)).where(own);
    });
  }

  private beginning(run: NewRun): SQL {
    const { id, tenantId, principalId, kind, streamId = null, requestSha256, instance, createdAt } = this.row(run);
    return sql`
      INSERT INTO ${runs} (id, tenant_id, principal_id, kind, status, stream_id, request_sha256, instance, created_at)
      VALUES (${id}, ${tenantId}, ${principalId}, ${kind}, 'running', ${streamId}, ${requestSha256}, ${instance},
        ${createdAt.toISOString()})
      ON CONFLICT (id) DO UPDATE SET instance = excluded.instance,
        stream_id = coalesce(excluded.stream_id, ${runs}.stream_id)`;
  }

  private row({ id, owner, kind, streamId, requestSha256 = '', startedAt = this.clock.now() }: NewRun) {
    const { tenantId, principalId } = owner;
    const createdAt = new Date(startedAt);
    return { id, tenantId, principalId, kind, streamId, requestSha256, instance: this.instance, createdAt };
  }

  private outcome({ status, result, problem, usage }: RunEnd) {
    const finishedAt = new Date(this.clock.now());
    return { status, result: storableJson(result), problem: problem ?? null, usage: usage ?? null, finishedAt };
  }
}
