import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type EdgeRequest, originOf, Returns } from '#src/http/index.js';
import { AppError } from '#src/kernel/index.js';
import { Public } from './access.decorator.js';
import { Roles } from './roles.js';

/** RFC 9728 §2. `authorization_servers` is left out while there are none: §3.2 forbids empty lists. */
const ProtectedResource = z
  .object({
    resource: z.url().describe('The address under which the caller reached this service'),
    authorization_servers: z.array(z.url()).min(1).optional(),
    scopes_supported: z.array(z.string()),
    bearer_methods_supported: z.array(z.literal('header')),
    resource_name: z.string(),
  })
  .meta({ id: 'ProtectedResource' });
type ProtectedResource = z.infer<typeof ProtectedResource>;

@ApiTags('identity')
@Controller('.well-known/oauth-protected-resource')
export class ResourceMetadataController {
  constructor(private readonly roles: Roles) {}

  @Get()
  @ApiOperation({ summary: 'How to get in', description: 'OAuth 2.0 protected resource metadata (RFC 9728).' })
  @Public()
  @Header('cache-control', 'no-store')
  @Returns(200, ProtectedResource)
  read(@Req() request: EdgeRequest): ProtectedResource {
    const resource = originOf(request);
    if (resource === '') throw new AppError('BAD_INPUT', 'The Host header is not valid');
    return {
      resource,
      scopes_supported: [...this.roles.allScopes()],
      bearer_methods_supported: ['header'],
      resource_name: 'Countersign',
    };
  }
}
