import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, type Principal, RequireScope } from '#src/auth/index.js';
import { Returns } from '#src/http/index.js';
import { LimitsView } from './limits.schema.js';
import { LimitsService } from './limits.service.js';

@ApiTags('limits')
@Controller('v1/limits')
export class LimitsController {
  constructor(private readonly limits: LimitsService) {}

  @Get()
  @ApiOperation({ summary: 'What the caller may do, and how much of it is left', description: 'Itself one request.' })
  @RequireScope('limits:read')
  @Returns(200, LimitsView)
  read(@Caller() caller: Principal): Promise<LimitsView> {
    return this.limits.of(caller);
  }
}
