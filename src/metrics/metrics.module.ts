import { Module } from '@nestjs/common';
import { ModelsModule } from '#src/models/index.js';
import { QuotaModule } from '#src/quota/index.js';
import { HttpMetrics } from './http-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsAccess } from './metrics-access.js';
import { PromptCacheMetrics } from './prompt-cache-metrics.js';
import { QuotaMetrics } from './quota-metrics.js';

@Module({
  imports: [ModelsModule, QuotaModule],
  controllers: [MetricsController],
  providers: [HttpMetrics, MetricsAccess, PromptCacheMetrics, QuotaMetrics],
  exports: [HttpMetrics],
})
export class MetricsModule {}
