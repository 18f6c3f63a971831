import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { lt } from 'drizzle-orm';
import { Clock, Log, type Stop } from '#src/kernel/index.js';
import { Hot, type HotKey, Sql } from '#src/storage/index.js';
import { instances } from './instances.table.js';

const BEAT_MS = 5_000;
/** Three beats may be missed. */
const PRESENT_MS = 20_000;
const GONE_MS = 1;
/** Belongs to no tenant. */
const GROUP: HotKey = { tenant: 'instances', area: 'presence', id: 'quota' };

/** How many processes share the limits, as far as this one heard. */
@Injectable()
export class Instances implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly own = randomUUID();
  private known = 1;
  private before = 1;
  private stopBeating: Stop | undefined;

  constructor(
    private readonly hot: Hot,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * The larger of the last two counts before the shared store was lost: one that comes back empty has forgotten
   * everybody who did not say since that it is here. 1 when there never was a store.
   */
  get count(): number {
    return Math.max(this.known, this.before);
  }

  onApplicationBootstrap(): Promise<void> {
    this.stopBeating = this.clock.every(BEAT_MS, () => void this.beat());
    return this.beat();
  }

  /** Leaves its share to the others. */
  async onModuleDestroy(): Promise<void> {
    this.stopBeating?.();
    await this.beat(GONE_MS);
  }

  /** In both stores: whoever starts while Redis is away finds the others in the database. */
  private async beat(presentMs = PRESENT_MS): Promise<void> {
    if (this.hot.kind === 'memory') return;
    const counts = await Promise.all([
      this.counted(() => this.hot.attend(GROUP, this.own, presentMs)),
      this.counted(() => this.attendSql(presentMs)),
    ]);
    const largest = Math.max(...counts);
    if (largest === 0) return;
    this.before = this.known;
    this.known = largest;
  }

  /** 0 when nobody can tell. */
  private async counted(count: () => Promise<number>): Promise<number> {
    try {
      return await count();
    } catch (cause) {
      this.log.debug({ cause }, 'quota.instances_unknown');
      return 0;
    }
  }

  private attendSql(presentMs: number): Promise<number> {
    const now = this.clock.now();
    const presentUntil = new Date(now + presentMs);
    return this.sql.system(async (tx) => {
      await tx.delete(instances).where(lt(instances.presentUntil, new Date(now)));
      const target = instances.id;
      await tx
        .insert(instances)
        .values({ id: this.own, presentUntil })
        .onConflictDoUpdate({ target, set: { presentUntil } });
      return tx.$count(instances);
    });
  }
}
