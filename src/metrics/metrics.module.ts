import { Module } from '@nestjs/common';
import { QuotaModule } from '#src/quota/index.js';
import { HttpMetrics } from './http-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsAccess } from './metrics-access.js';
import { QuotaMetrics } from './quota-metrics.js';

@Module({
  imports: [QuotaModule],
  controllers: [MetricsController],
  providers: [HttpMetrics, MetricsAccess, QuotaMetrics],
  exports: [HttpMetrics],
})
export class MetricsModule {}
