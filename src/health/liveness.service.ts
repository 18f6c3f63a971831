import { Inject, Injectable } from '@nestjs/common';
import { BUILD, type Build, Clock, versionText } from '#src/kernel/index.js';
import type { Liveness } from './health.schema.js';

@Injectable()
export class LivenessService {
  private readonly startedAt: number;

  constructor(
    private readonly clock: Clock,
    @Inject(BUILD) private readonly build: Build,
  ) {
    this.startedAt = clock.now();
  }

  report(): Liveness {
    return {
      status: 'ok',
      version: versionText(this.build),
      uptime_seconds: Math.round(this.clock.now() - this.startedAt) / 1_000,
    };
  }
}
