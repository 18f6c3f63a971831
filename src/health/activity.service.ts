import { Injectable } from '@nestjs/common';
import { HttpMetrics } from '#src/metrics/index.js';
import { Models } from '#src/models/index.js';
import type { ServiceStatus } from './health.schema.js';

/** What the process has done since it started. */
@Injectable()
export class ActivityService {
  constructor(
    private readonly metrics: HttpMetrics,
    private readonly models: Models,
  ) {}

  report(): Pick<ServiceStatus, 'requests' | 'models'> {
    return { requests: { ...this.metrics.counts }, models: [...this.models.status()] };
  }
}
