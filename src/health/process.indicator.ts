import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { Degradation, Drain } from '#src/kernel/index.js';

/** What the process knows of itself: draining makes it unready, a dependency behind a fallback does not. */
@Injectable()
export class ProcessIndicator {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly drain: Drain,
    private readonly degradation: Degradation,
  ) {}

  check(): HealthIndicatorResult {
    const check = this.indicator.check('process');
    const data = { draining: this.drain.draining, degraded: [...this.degradation.list] };
    return data.draining ? check.down(data) : check.up(data);
  }
}
