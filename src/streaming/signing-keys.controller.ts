import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { KeySet, SigningKeys } from '#src/audit/index.js';
import { Public } from '#src/auth/index.js';
import { Returns } from '#src/http/index.js';

@ApiTags('streams')
@Controller('.well-known')
export class SigningKeysController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('countersign-keys.json')
  @ApiOperation({ summary: 'The public keys to check receipts with', description: 'A JWK set (RFC 7517).' })
  @Public()
  @Header('cache-control', 'public, max-age=300')
  @Returns(200, KeySet)
  list(): Promise<KeySet> {
    return this.keys.jwks();
  }
}
