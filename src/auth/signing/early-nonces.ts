import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { and, desc, eq, lt } from 'drizzle-orm';
import { type Clock, onceKnown, type Stop } from '#src/kernel/index.js';
import type { Sql } from '#src/storage/index.js';
import { earlyNonces } from './early-nonces.table.js';

const SWEEP_MS = 600_000;

/** Whose nonce. */
export interface NonceName {
  readonly tenant: string;
  readonly id: string;
}

/** The newest time among the early nonces of a tenant, as it was found after a memory began. */
interface Horizon {
  readonly since: number;
  /** A promise while it is read. */
  newest: number | Promise<number>;
}

/**
 * Durable memory of the nonces that the hot store cannot vouch for after a loss: those of requests dated ahead of our clock.
 * What is dated in the past when it is used is older than any memory that begins later.
 */
export class EarlyNonces implements OnModuleInit, OnModuleDestroy {
  private readonly horizons = new Map<string, Horizon>();
  private stopSweeping: Stop | undefined;

  /** @param lifeMs how long after its time a request could still be accepted */
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly lifeMs: number,
  ) {}

  onModuleInit(): void {
    // What cannot be deleted now is deleted next time; nothing reads it meanwhile.
    this.stopSweeping = this.clock.every(SWEEP_MS, () => void this.sweep().catch(() => undefined));
  }

  onModuleDestroy(): void {
    this.stopSweeping?.();
  }

  /**
   * Uses up the nonce of a request that is dated ahead. Before the hot store is told: whatever that one remembered when it
   * was lost is here by then.
   *
   * @param signedAt Unix ms
   * @returns whether it was the first time
   * @throws {AppError} `DEPENDENCY_UNAVAILABLE`
   */
  use({ tenant, id }: NonceName, signedAt: number): Promise<boolean> {
    const expiresAt = new Date(signedAt + this.lifeMs);
    const row = { tenantId: tenant, id, signedAt: new Date(signedAt), expiresAt };
    return this.sql.tenant(tenant, async (tx) => {
      const used = await tx.insert(earlyNonces).values(row).onConflictDoNothing().returning({ id: earlyNonces.id });
      return used.length > 0;
    });
  }

  /**
   * Whether a nonce was used while it was dated ahead. Asks the database, and answers later, only about times that a lost
   * memory could have accepted.
   *
   * @param since since when the hot store remembers, Unix ms
   * @throws {AppError} `DEPENDENCY_UNAVAILABLE`
   */
  knows(name: NonceName, signedAt: number, since: number): boolean | Promise<boolean> {
    return onceKnown(this.newest(name.tenant, since), (newest) => signedAt <= newest && this.find(name));
  }

  async sweep(): Promise<void> {
    await this.sql.system(async (tx) => {
      await tx.delete(earlyNonces).where(lt(earlyNonces.expiresAt, new Date(this.clock.now())));
    });
  }

  private find({ tenant, id }: NonceName): Promise<boolean> {
    return this.sql.tenant(tenant, async (tx) => {
      const own = and(eq(earlyNonces.tenantId, tenant), eq(earlyNonces.id, id));
      return (await tx.$count(earlyNonces, own)) > 0;
    });
  }

  /** Read once for each memory: what was used before it began was written before that. */
  private newest(tenant: string, since: number): number | Promise<number> {
    const known = this.horizons.get(tenant);
    if (known?.since === since) return known.newest;
    const newest = this.readNewest(tenant);
    const horizon: Horizon = { since, newest };
    this.horizons.set(tenant, horizon);
    newest.then(
      (read) => {
        horizon.newest = read;
      },
      () => {
        if (this.horizons.get(tenant) === horizon) this.horizons.delete(tenant);
      },
    );
    return newest;
  }

  private readNewest(tenant: string): Promise<number> {
    return this.sql.tenant(tenant, async (tx) => {
      const [row] = await tx
        .select({ signedAt: earlyNonces.signedAt })
        .from(earlyNonces)
        .where(eq(earlyNonces.tenantId, tenant))
        .orderBy(desc(earlyNonces.signedAt))
        .limit(1);
      return row?.signedAt.getTime() ?? Number.NEGATIVE_INFINITY;
    });
  }
}
