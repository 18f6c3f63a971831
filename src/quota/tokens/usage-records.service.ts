import { Injectable } from '@nestjs/common';
import { and, eq, sql } from 'drizzle-orm';
import { Clock, Log, retryLater, type Usage } from '#src/kernel/index.js';
import { Sql, WINDOW_MS } from '#src/storage/index.js';
import type { LimitOwner } from './token-standing.policy.js';
import { NOTHING, type Spend } from './token-usage.policy.js';
import { tokenUsage as rows } from './token-usage.table.js';

/** Whose tokens they are. */
export interface TokenOwner {
  readonly id: string;
  readonly tenantId: string;
}

/** What one call cost. */
export interface CallUsage extends Usage {
  /** Nanodollars. */
  readonly cost: number;
  /** Empty when the call broke off. */
  readonly model: string;
  /** Unix ms: end of the window in which it is charged. */
  readonly endsAt: number;
}

/** The durable record of what model calls cost. */
@Injectable()
export class UsageRecords {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Adds a call. Never rejects: what cannot be written now is written later.
   *
   * @returns when it was written, Unix ms; `undefined` while it is not
   */
  async add(owner: TokenOwner, usage: CallUsage): Promise<number | undefined> {
    try {
      await this.write(owner, usage);
      return this.clock.now();
    } catch (cause) {
      this.log.debug({ cause }, 'tokens.record_delayed');
      void this.addLater(owner, usage);
      return undefined;
    }
  }

  /** What was spent in the window that ends at `endsAt`, by a principal or by its whole tenant. */
  async spent({ id, tenantId }: TokenOwner, by: LimitOwner, endsAt: number): Promise<Spend> {
    const ofTenant = and(eq(rows.tenantId, tenantId), eq(rows.day, dayOf(endsAt)));
    const where = by === 'tenant' ? ofTenant : and(ofTenant, eq(rows.principalId, id));
    const tokens = sql`coalesce(sum(${rows.inputTokens} + ${rows.outputTokens}), 0)`.mapWith(Number);
    const cost = sql`coalesce(sum(${rows.costNanodollars}), 0)`.mapWith(Number);
    const [found] = await this.sql.tenant(tenantId, (tx) => tx.select({ tokens, cost }).from(rows).where(where));
    return found ?? NOTHING;
  }

  private async addLater(owner: TokenOwner, usage: CallUsage): Promise<void> {
    if (await retryLater(this.clock, () => this.write(owner, usage))) return;
    this.log.warn({ tenant_id: owner.tenantId, principal_id: owner.id, ...usage }, 'tokens.not_recorded');
  }

  private async write(
    { id, tenantId }: TokenOwner,
    { model, endsAt, inputTokens, outputTokens, cost }: CallUsage,
  ): Promise<void> {
    const counts = { calls: 1, inputTokens, outputTokens, costNanodollars: cost };
    const row = { tenantId, day: dayOf(endsAt), principalId: id, model, ...counts };
    await this.sql.tenant(tenantId, async (tx) => {
      await tx
        .insert(rows)
        .values(row)
        .onConflictDoUpdate({
          target: [rows.tenantId, rows.day, rows.principalId, rows.model],
          set: {
            calls: sql`${rows.calls} + 1`,
            inputTokens: sql`${rows.inputTokens} + ${inputTokens}`,
            outputTokens: sql`${rows.outputTokens} + ${outputTokens}`,
            costNanodollars: sql`${rows.costNanodollars} + ${cost}`,
          },
        });
    });
  }
}

/** The UTC day of a window. */
const dayOf = (endsAt: number): string => new Date(endsAt - WINDOW_MS).toISOString().slice(0, 10);
