import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService } from '@nestjs/terminus';
import { ProcessIndicator } from './process.indicator.js';
import { SqlIndicator } from './sql.indicator.js';

export interface Readiness {
  readonly status: 200 | 503;
  /** Terminus' own format. */
  readonly body: object | string;
}

/** Whether this process should get traffic. */
@Injectable()
export class ReadinessService {
  constructor(
    private readonly health: HealthCheckService,
    private readonly process: ProcessIndicator,
    private readonly sql: SqlIndicator,
  ) {}

  async check(): Promise<Readiness> {
    try {
      return { status: 200, body: await this.health.check([() => this.process.check(), () => this.sql.check()]) };
    } catch (error) {
      // Terminus says "no" by throwing; the answer is its body, not a problem document.
      if (error instanceof ServiceUnavailableException) return { status: 503, body: error.getResponse() };
      throw error;
    }
  }
}
