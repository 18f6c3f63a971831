import { Injectable } from '@nestjs/common';
import { ActivityService } from './activity.service.js';
import { DependenciesService } from './dependencies.service.js';
import { failModes } from './fail-modes.js';
import type { ServiceStatus, StatusSummary } from './health.schema.js';
import { LivenessService } from './liveness.service.js';
import { OperatingState } from './operating-state.js';

@Injectable()
export class StatusService {
  constructor(
    private readonly liveness: LivenessService,
    private readonly dependencies: DependenciesService,
    private readonly activity: ActivityService,
    private readonly state: OperatingState,
  ) {}

  summary(): StatusSummary {
    const { version, uptime_seconds } = this.liveness.report();
    return { status: this.state.word(), version, uptime_seconds, degraded: this.state.degraded() };
  }

  async report(): Promise<ServiceStatus> {
    return {
      ...this.summary(),
      ...this.activity.report(),
      ...(await this.dependencies.report()),
      fail_modes: failModes,
    };
  }
}
