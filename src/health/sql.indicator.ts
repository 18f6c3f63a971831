import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { Sql } from '#src/storage/index.js';

/** Without its durable store the service can acknowledge nothing. */
@Injectable()
export class SqlIndicator {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly sql: Sql,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const check = this.indicator.check('sql');
    try {
      return check.up({ kind: this.sql.kind, latency_ms: await this.sql.ping() });
    } catch {
      return check.down({ kind: this.sql.kind });
    }
  }
}
