import { Injectable } from '@nestjs/common';
import { Degradation, Drain } from '#src/kernel/index.js';
import type { ServiceStatus } from './health.schema.js';

/** One word for how the process is doing. */
@Injectable()
export class OperatingState {
  constructor(
    private readonly drain: Drain,
    private readonly degradation: Degradation,
  ) {}

  degraded(): string[] {
    return [...this.degradation.list].sort();
  }

  word(): ServiceStatus['status'] {
    if (this.drain.draining) return 'draining';
    return this.degradation.list.length > 0 ? 'degraded' : 'ok';
  }
}
