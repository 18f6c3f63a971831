import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type Principal, Public, RequireCaller } from '#src/auth/index.js';
import { Returns } from '#src/http/index.js';
import { Liveness, ReadinessReport, ServiceStatus, type StatusSummary } from './health.schema.js';
import { LivenessService } from './liveness.service.js';
import { ReadinessService } from './readiness.service.js';
import { StatusService } from './status.service.js';

@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    private readonly liveness: LivenessService,
    private readonly readiness: ReadinessService,
    private readonly status: StatusService,
  ) {}

  @Get(['healthz', 'livez', 'health'])
  @ApiOperation({ summary: 'The process answers', description: 'Touches nothing else.' })
  @Public()
  @Returns(200, Liveness)
  live(): Liveness {
    return this.liveness.report();
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Whether the process should get traffic', description: '200 when it should, 503 when not.' })
  @Public()
  @Returns(200, ReadinessReport)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object | string> {
    const { status, body } = await this.readiness.check();
    void reply.status(status);
    return body;
  }

  @Get('v1/status')
  @ApiOperation({
    summary: 'What runs, what is degraded, and what each feature does then',
    description: 'Whether it runs well is for every caller to know; the rest needs the scope `status:read`.',
  })
  @RequireCaller()
  @Returns(200, ServiceStatus)
  report(@Caller() { scopes }: Principal): StatusSummary | Promise<ServiceStatus> {
    return scopes.has('status:read') ? this.status.report() : this.status.summary();
  }
}
