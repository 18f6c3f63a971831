import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PageQuery, Returns } from '#src/http/index.js';
import { RequireScope } from './access.decorator.js';
import { Caller } from './caller.decorator.js';
import { ApiKey, ApiKeyList, CreateKey, IssuedKey, RotateKey } from './keys.schema.js';
import { KeysService } from './keys.service.js';
import type { Principal } from './principal.js';

@ApiTags('keys')
@Controller('v1/keys')
@RequireScope('keys:manage')
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @Post()
  @ApiOperation({
    summary: 'Create a key',
    description: 'The answer is the only place where its secret is ever shown.',
  })
  @Returns(201, IssuedKey)
  create(@Caller() caller: Principal, @Body({ schema: CreateKey }) request: CreateKey): Promise<IssuedKey> {
    return this.keys.create(caller, request);
  }

  @Get()
  @ApiOperation({ summary: 'List the keys of the tenant', description: 'Newest first, never with a secret.' })
  @Returns(200, ApiKeyList)
  list(@Caller() caller: Principal, @Query({ schema: PageQuery }) page: PageQuery): Promise<ApiKeyList> {
    return this.keys.list(caller, page);
  }

  @Post(':id/rotate')
  @ApiOperation({ summary: 'Give a key a new secret', description: 'The secret in use works on for a while.' })
  @ApiBody({ required: false })
  @Returns(200, IssuedKey)
  rotate(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body({ schema: RotateKey.prefault({}) }) { overlap_seconds }: RotateKey,
  ): Promise<IssuedKey> {
    return this.keys.rotate(caller, id, overlap_seconds);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Revoke a key', description: 'At once; other instances follow within a second.' })
  @Returns(200, ApiKey)
  revoke(@Caller() caller: Principal, @Param('id') id: string): Promise<ApiKey> {
    return this.keys.revoke(caller, id);
  }
}
