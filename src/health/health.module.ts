import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { AuthModule } from '#src/auth/index.js';
import { MetricsModule } from '#src/metrics/index.js';
import { ModelsModule } from '#src/models/index.js';
import { StorageModule } from '#src/storage/index.js';
import { ActivityService } from './activity.service.js';
import { DependenciesService } from './dependencies.service.js';
import { HealthController } from './health.controller.js';
import { LivenessService } from './liveness.service.js';
import { OperatingState } from './operating-state.js';
import { ProcessIndicator } from './process.indicator.js';
import { ReadinessService } from './readiness.service.js';
import { SqlIndicator } from './sql.indicator.js';
import { StatusService } from './status.service.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), AuthModule, StorageModule, MetricsModule, ModelsModule],
  controllers: [HealthController],
  providers: [
    ActivityService,
    DependenciesService,
    LivenessService,
    OperatingState,
    ProcessIndicator,
    ReadinessService,
    SqlIndicator,
    StatusService,
  ],
})
export class HealthModule {}
