import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { Clock, Log, retryLater } from '#src/kernel/index.js';
import { Sql, WINDOW_MS } from '#src/storage/index.js';
import type { LimitOwner } from './token-standing.policy.js';
import { NOTHING, type Spend } from './token-usage.policy.js';
import { tokenUsage as rows } from './token-usage.table.js';
import { type CallUsage, UsageBatch, type UsageRow } from './usage-batch.js';

/** Whose tokens they are. */
export interface TokenOwner {
  readonly id: string;
  readonly tenantId: string;
}

/** How long calls are gathered before they are written, when nobody waits for that. */
const GATHERED_FOR_MS = 25;

/** Calls that wait to be written, and what comes of it. */
interface Gathering {
  readonly batch: UsageBatch;
  /** When it was written, Unix ms; `undefined` when it is not yet. */
  readonly written: Promise<number | undefined>;
}

/**
 * The durable record of what model calls cost. While one transaction of a tenant is under way, the calls that end meanwhile
 * wait for the next and share it: a busy tenant costs the database no more than a few.
 */
@Injectable()
export class UsageRecords implements OnModuleDestroy {
  /** By tenant. */
  private readonly gathering = new Map<string, Gathering>();
  private readonly writing = new Map<string, Promise<unknown>>();

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** What is being written is written. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.writing.values());
  }

  /**
   * Adds a call. Never rejects: what cannot be written now is written later.
   *
   * @param urgency whether somebody waits for it
   * @returns when it was written, Unix ms; `undefined` while it is not
   */
  add(
    { id, tenantId }: TokenOwner,
    usage: CallUsage,
    urgency: 'at_once' | 'soon' = 'at_once',
  ): Promise<number | undefined> {
    const waitMs = urgency === 'soon' ? GATHERED_FOR_MS : 0;
    const { batch, written } = this.gathering.get(tenantId) ?? this.gather(tenantId, waitMs);
    batch.add(id, usage);
    return written;
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

  private gather(tenantId: string, waitMs: number): Gathering {
    const batch = new UsageBatch();
    const written = this.afterOthers(tenantId, waitMs).then(() => {
      this.gathering.delete(tenantId);
      return this.record(tenantId, batch);
    });
    const gathering = { batch, written };
    this.gathering.set(tenantId, gathering);
    this.writing.set(tenantId, written);
    void written.then(() => {
      if (this.writing.get(tenantId) === written) this.writing.delete(tenantId);
    });
    return gathering;
  }

  private async afterOthers(tenantId: string, waitMs: number): Promise<void> {
    await this.writing.get(tenantId);
    if (waitMs > 0) await this.clock.sleep(waitMs);
  }

  private async record(tenantId: string, { rows: sums }: UsageBatch): Promise<number | undefined> {
    try {
      await this.write(tenantId, sums);
      return this.clock.now();
    } catch (cause) {
      this.log.debug({ cause }, 'tokens.record_delayed');
      void this.recordLater(tenantId, sums);
      return undefined;
    }
  }

  private async recordLater(tenantId: string, sums: readonly UsageRow[]): Promise<void> {
    if (await retryLater(this.clock, () => this.write(tenantId, sums))) return;
    for (const { principalId, ...usage } of sums) {
      this.log.warn({ tenant_id: tenantId, principal_id: principalId, ...usage }, 'tokens.not_recorded');
    }
  }

  private async write(tenantId: string, sums: readonly UsageRow[]): Promise<void> {
    // Not in one round trip: what a database that froze gets around to later would be added twice.
    await this.sql.tenant(tenantId, (tx) => tx.execute(addition(tenantId, sums)));
  }
}

/** One statement however many rows there are: the query builder takes longer for each of them than the driver does. */
function addition(tenantId: string, sums: readonly UsageRow[]): SQL {
  const each = (value: (sum: UsageRow) => string | number) => sql.param(sums.map(value));
  return sql`
    INSERT INTO token_usage AS kept
      (tenant_id, day, principal_id, model, calls, input_tokens, output_tokens, cost_nanodollars)
    SELECT ${tenantId}, * FROM unnest(
      ${each(({ endsAt }) => dayOf(endsAt))}::date[],
      ${each(({ principalId }) => principalId)}::text[],
      ${each(({ model }) => model)}::text[],
      ${each(({ calls }) => calls)}::bigint[],
      ${each(({ inputTokens }) => inputTokens)}::bigint[],
      ${each(({ outputTokens }) => outputTokens)}::bigint[],
      ${each(({ cost }) => cost)}::bigint[])
    ON CONFLICT (tenant_id, day, principal_id, model) DO UPDATE SET
      calls = kept.calls + excluded.calls,
      input_tokens = kept.input_tokens + excluded.input_tokens,
      output_tokens = kept.output_tokens + excluded.output_tokens,
      cost_nanodollars = kept.cost_nanodollars + excluded.cost_nanodollars`;
}

/** The UTC day of a window. */
const dayOf = (endsAt: number): string => new Date(endsAt - WINDOW_MS).toISOString().slice(0, 10);
