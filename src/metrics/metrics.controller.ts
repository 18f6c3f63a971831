import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Public } from '#src/auth/index.js';
import type { EdgeRequest } from '#src/http/index.js';
import { HttpMetrics } from './http-metrics.js';
import { MetricsAccess } from './metrics-access.js';

@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: HttpMetrics,
    private readonly access: MetricsAccess,
  ) {}

  @Get()
  @Public()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  scrape(@Req() request: EdgeRequest): Promise<string> {
    this.access.require(request.headers.authorization, request.raw.socket.remoteAddress);
    return this.metrics.registry.metrics();
  }
}
