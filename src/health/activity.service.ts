import { Injectable } from '@nestjs/common';
import { HttpMetrics } from '#src/metrics/index.js';
import { Models, PromptCache } from '#src/models/index.js';
import type { ServiceStatus } from './health.schema.js';

/** What the process has done since it started. */
@Injectable()
export class ActivityService {
  constructor(
    private readonly metrics: HttpMetrics,
    private readonly models: Models,
    private readonly cache: PromptCache,
  ) {}

  report(): Pick<ServiceStatus, 'requests' | 'models' | 'prompt_cache'> {
    return {
      requests: { ...this.metrics.counts },
      models: [...this.models.status()],
      prompt_cache: this.promptCache(),
    };
  }

  private promptCache(): ServiceStatus['prompt_cache'] {
    const { calls, size, counts } = this.cache;
    return {
      calls,
      ...size,
      ...counts.outcomes,
      evictions: counts.evictions,
      store_failures: counts.storeFailures,
    };
  }
}
