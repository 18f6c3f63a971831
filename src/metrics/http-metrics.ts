import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { RequestObserver } from '#src/http/edge/index.js';

interface Observation {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Requests that wait to be counted: one by one, the bookkeeping of the histogram costs each of them four times as much. */
const BATCH = 256;

/** Every metric of the process, by route template and never by URL, so that the number of series is bounded. */
@Injectable()
export class HttpMetrics {
  readonly registry = new Registry();

  private readonly duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP requests, from the first byte read to the last byte written',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
    collect: () => this.settle(),
  });

  private readonly problems = new Counter({
    name: 'countersign_problems_total',
    help: 'Answers that were an error, by code of the error table',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });

  private waiting: Observation[] = [];
  private answered = 0;
  private failed = 0;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  readonly observe: RequestObserver = ({ method, edge }, { statusCode, elapsedTime }, route) => {
    this.waiting.push({ method, route, status: statusCode, seconds: elapsedTime / 1_000 });
    if (this.waiting.length >= BATCH) this.settle();
    this.answered += 1;
    if (statusCode >= 500) this.failed += 1;
    if (edge.problem !== undefined) this.problems.labels(edge.problem).inc();
  };

  private settle(): void {
    for (const { method, route, status, seconds } of this.waiting) {
      const labels = { http_request_method: method, http_route: route, http_response_status_code: status };
      this.duration.observe(labels, seconds);
    }
    this.waiting = [];
  }

  /** Requests since the process started. */
  get counts(): { readonly answered: number; readonly failed: number } {
    return { answered: this.answered, failed: this.failed };
  }
}
