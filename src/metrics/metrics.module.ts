import { Module } from '@nestjs/common';
import { HttpMetrics } from './http-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsAccess } from './metrics-access.js';

@Module({ controllers: [MetricsController], providers: [HttpMetrics, MetricsAccess], exports: [HttpMetrics] })
export class MetricsModule {}
