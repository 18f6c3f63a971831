import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { QuotaCounts } from '#src/quota/index.js';
import { HttpMetrics } from './http-metrics.js';

/** Decisions about limits, by class and outcome: never by caller. */
@Injectable()
export class QuotaMetrics {
  constructor({ registry }: HttpMetrics, counts: QuotaCounts) {
    const registers = [registry];
    new Counter({
      name: 'countersign_quota_decisions_total',
      help: 'Authenticated requests by what their limits said; shadowed ones would have been refused',
      labelNames: ['class', 'outcome'] as const,
      registers,
      collect() {
        this.reset();
        for (const [quotaClass, outcomes] of Object.entries(counts.byClass)) {
          for (const [outcome, count] of Object.entries(outcomes)) this.inc({ class: quotaClass, outcome }, count);
        }
      },
    });
    new Counter({
      name: 'countersign_quota_alone_total',
      help: 'Decisions made by this process for its share, because Redis was away',
      registers,
      collect() {
        this.reset();
        this.inc(counts.alone);
      },
    });
    new Counter({
      name: 'countersign_flood_refusals_total',
      help: 'Requests refused because of their client address',
      registers,
      collect() {
        this.reset();
        this.inc(counts.flooded);
      },
    });
  }
}
