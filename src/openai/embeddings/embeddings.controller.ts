import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type Principal, RequireScope } from '#src/auth/index.js';
import { BodyLimit, CallerGone, DOCUMENTS_BYTES, MostValues, Returns } from '#src/http/index.js';
import { ownerOf } from '#src/streaming/index.js';
import { Embeddings, EmbeddingsRequest, MOST_TOKEN_IDS } from './embeddings.schema.js';
import { EmbeddingsService } from './embeddings.service.js';

@ApiTags('openai')
@Controller('v1/embeddings')
export class EmbeddingsController {
  constructor(private readonly embeddings: EmbeddingsService) {}

  @Post()
  @ApiOperation({ summary: 'Embed texts' })
  @RequireScope('models:call')
  @BodyLimit(DOCUMENTS_BYTES)
  @MostValues(MOST_TOKEN_IDS)
  @Returns(200, Embeddings)
  async create(
    @Caller() caller: Principal,
    @Body({ schema: EmbeddingsRequest }) request: EmbeddingsRequest,
    @CallerGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Embeddings> {
    const { answer, limitHeaders } = await this.embeddings.embed(ownerOf(caller), request, gone);
    void reply.headers(limitHeaders);
    return answer;
  }
}
