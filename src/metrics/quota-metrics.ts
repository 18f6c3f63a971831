import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { QuotaCounts } from '#src/quota/index.js';
import { HttpMetrics } from './http-metrics.js';

/** Of a dollar. */
const NANODOLLARS = 1e9;
const CALL_OUTCOMES = ['settled', 'refunded', 'refused', 'shadowed'] as const;

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
      name: 'countersign_model_tokens_total',
      help: 'Model tokens charged, by what they were',
      labelNames: ['kind'] as const,
      registers,
      collect() {
        this.reset();
        this.inc({ kind: 'input' }, counts.tokens.input);
        this.inc({ kind: 'output' }, counts.tokens.output);
      },
    });
    new Counter({
      name: 'countersign_model_cost_usd_total',
      help: 'What model calls cost, as far as the prices of models are known',
      registers,
      collect() {
        this.reset();
        this.inc(counts.tokens.cost / NANODOLLARS);
      },
    });
    new Counter({
      name: 'countersign_model_calls_total',
      help: 'Metered model calls by how they ended; refused are also those cut at the limit, shadowed would have been',
      labelNames: ['outcome'] as const,
      registers,
      collect() {
        this.reset();
        for (const outcome of CALL_OUTCOMES) this.inc({ outcome }, counts.tokens[outcome]);
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
