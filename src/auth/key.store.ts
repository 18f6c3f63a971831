import { Injectable } from '@nestjs/common';
import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { AppError } from '#src/kernel/index.js';
import { Sql } from '#src/storage/index.js';
import { type ApiKeyRow, apiKeys, type NewApiKeyRow } from './api-keys.table.js';
import type { ApiKey } from './keys.schema.js';
import { VerifiedSigners } from './signing/signer.js';
import { VerifiedCredentials } from './verified-credentials.js';

const MAX_LIVE_KEYS = 1_000;

/** The one place that reads and writes keys: what changes here is believed nowhere in this process any more. */
@Injectable()
export class KeyStore {
  constructor(
    private readonly sql: Sql,
    private readonly verified: VerifiedCredentials,
    private readonly signers: VerifiedSigners,
  ) {}

  /** Whose key of this kind this is; across tenants, because that is the question. */
  find(id: string, kind: ApiKey['kind']): Promise<ApiKeyRow | undefined> {
    return this.sql.system(async (tx) => {
      const [row] = await tx
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.id, id), eq(apiKeys.kind, kind)));
      return row;
    });
  }

  /** @throws {AppError} `CONFLICT` when the tenant has all the live keys it may have, however many callers race */
  insert(row: NewApiKeyRow & { readonly createdAt: Date }): Promise<ApiKeyRow> {
    const { tenantId, createdAt } = row;
    return this.sql.tenant(tenantId, async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`api_keys:${tenantId}`}, 0))`);
      const live = await tx.$count(
        apiKeys,
        and(
          eq(apiKeys.tenantId, tenantId),
          isNull(apiKeys.revokedAt),
          or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, createdAt)),
        ),
      );
      if (live >= MAX_LIVE_KEYS) throw new AppError('CONFLICT', `A tenant may have ${MAX_LIVE_KEYS} live keys`);
      return only(await tx.insert(apiKeys).values(row).returning());
    });
  }

  /** Newest first, from the first key older than `before`. */
  page(tenantId: string, before: string | undefined, limit: number): Promise<ApiKeyRow[]> {
    const older = before === undefined ? undefined : lt(apiKeys.id, before);
    return this.sql.tenant(tenantId, (tx) =>
      tx
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.tenantId, tenantId), older))
        .orderBy(desc(apiKeys.id))
        .limit(limit),
    );
  }

  /**
   * Changes a key while nobody else does.
   *
   * @param change from the key as it is; what it throws passes unchanged and nothing is stored
   * @throws {AppError} `NOT_FOUND` also for another tenant's key
   */
  async change(tenantId: string, id: string, change: (row: ApiKeyRow) => Partial<NewApiKeyRow>): Promise<ApiKeyRow> {
    const own = and(eq(apiKeys.tenantId, tenantId), eq(apiKeys.id, id));
    const changed = await this.sql.tenant(tenantId, async (tx) => {
      const [row] = await tx.select().from(apiKeys).where(own).for('update');
      if (row === undefined) throw new AppError('NOT_FOUND', 'No such key');
      return only(await tx.update(apiKeys).set(change(row)).where(own).returning());
    });
    this.verified.forget(id);
    this.signers.forget(id);
    return changed;
  }
}

function only(rows: readonly ApiKeyRow[]): ApiKeyRow {
  const [row] = rows;
  if (row === undefined) throw new Error('The database returned no row for a key it wrote');
  return row;
}
