import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { PromptCache } from '#src/models/index.js';
import { HttpMetrics } from './http-metrics.js';

/** What the prompt cache did, by outcome: never by tenant or question. */
@Injectable()
export class PromptCacheMetrics {
  constructor({ registry }: HttpMetrics, cache: PromptCache) {
    const registers = [registry];
    const { counts } = cache;
    new Counter({
      name: 'countersign_prompt_cache_calls_total',
      help: 'Calls that a kept answer may answer, by what became of them; a miss asked a model',
      labelNames: ['outcome'] as const,
      registers,
      collect() {
        this.reset();
        for (const [outcome, count] of Object.entries(counts.outcomes)) this.inc({ outcome }, count);
      },
    });
    new Counter({
      name: 'countersign_prompt_cache_evictions_total',
      help: 'Answers this process dropped before their time, for want of room',
      registers,
      collect() {
        this.reset();
        this.inc(counts.evictions);
      },
    });
    new Counter({
      name: 'countersign_prompt_cache_store_failures_total',
      help: 'Words with Redis about kept answers that failed',
      registers,
      collect() {
        this.reset();
        this.inc(counts.storeFailures);
      },
    });
    new Gauge({
      name: 'countersign_prompt_cache_bytes',
      help: 'Answers kept in this process, about',
      registers,
      collect() {
        this.set(cache.size.bytes);
      },
    });
  }
}
