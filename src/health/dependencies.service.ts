import { Injectable } from '@nestjs/common';
import { Hot, Sql } from '#src/storage/index.js';
import type { ServiceStatus } from './health.schema.js';

/** Asks the stores themselves; each answer is bounded by the store's own timeout. */
@Injectable()
export class DependenciesService {
  constructor(
    private readonly sql: Sql,
    private readonly hot: Hot,
  ) {}

  async report(): Promise<Pick<ServiceStatus, 'sql' | 'redis'>> {
    const [sql, redis] = await Promise.all([probe(this.sql), probe(this.hot)]);
    return { sql: { kind: this.sql.kind, ...sql }, redis: { mode: this.hot.kind, ...redis } };
  }
}

async function probe(store: { ping(): Promise<number> }): Promise<{ available: boolean; latency_ms: number | null }> {
  try {
    return { available: true, latency_ms: await store.ping() };
  } catch {
    return { available: false, latency_ms: null };
  }
}
