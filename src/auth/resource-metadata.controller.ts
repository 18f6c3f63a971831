import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type EdgeRequest, originOf, Returns } from '#src/http/index.js';
import { AppError } from '#src/kernel/index.js';
import { Public } from './access.decorator.js';
import { TrustedIssuers } from './jwt/trusted-issuers.js';
import { Roles } from './roles.js';

/** An authorization server is named by an address (RFC 8414 §2); an issuer by any other name cannot be looked up. */
const isAddress = (issuer: string): boolean => z.url({ protocol: /^https?$/ }).safeParse(issuer).success;

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
  constructor(
    private readonly roles: Roles,
    private readonly issuers: TrustedIssuers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'How to get in', description: 'OAuth 2.0 protected resource metadata (RFC 9728).' })
  @Public()
  @Header('cache-control', 'no-store')
  @Returns(200, ProtectedResource)
  read(@Req() request: EdgeRequest): ProtectedResource {
    const resource = originOf(request);
    if (resource === '') throw new AppError('BAD_INPUT', 'The Host header is not valid');
    const servers = this.issuers.names().filter(isAddress);
    return {
      resource,
      ...(servers.length > 0 ? { authorization_servers: servers } : {}),
      scopes_supported: [...this.roles.allScopes()],
      bearer_methods_supported: ['header'],
      resource_name: 'Countersign',
    };
  }
}
