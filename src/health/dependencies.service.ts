import { Injectable } from '@nestjs/common';
import { TrustedIssuers } from '#src/auth/index.js';
import { Clock } from '#src/kernel/index.js';
import { Hot, Sql } from '#src/storage/index.js';
import type { ServiceStatus } from './health.schema.js';

/** Asks the stores themselves; each answer is bounded by the store's own timeout. Issuers are not asked: their keys are watched. */
@Injectable()
export class DependenciesService {
  constructor(
    private readonly sql: Sql,
    private readonly hot: Hot,
    private readonly issuers: TrustedIssuers,
    private readonly clock: Clock,
  ) {}

  async report(): Promise<Pick<ServiceStatus, 'sql' | 'redis' | 'jwks'>> {
    const [sql, redis] = await Promise.all([probe(this.sql), probe(this.hot)]);
    const { kind, evicts } = this.hot;
    return { sql: { kind: this.sql.kind, ...sql }, redis: { mode: kind, evicts, ...redis }, jwks: this.keySets() };
  }

  private keySets(): ServiceStatus['jwks'] {
    const now = this.clock.now();
    return this.issuers.states().map(({ issuer, available, keys, fetchedAt }) => {
      const age_seconds = fetchedAt === undefined ? null : Math.max(0, Math.round((now - fetchedAt) / 1_000));
      return { issuer, available, keys, age_seconds };
    });
  }
}

async function probe(store: { ping(): Promise<number> }): Promise<{ available: boolean; latency_ms: number | null }> {
  try {
    return { available: true, latency_ms: await store.ping() };
  } catch {
    return { available: false, latency_ms: null };
  }
}
