import { Body, Controller, Post, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, type Principal, RequireScope } from '#src/auth/index.js';
import {
  asksInBody,
  BodyLimit,
  CallerGone,
  DOCUMENTS_BYTES,
  eventStream,
  ReturnsOrStreams,
  STREAM_HEADERS,
} from '#src/http/index.js';
import { announcedComeBack } from '#src/idempotency/index.js';
import { ownerOf } from '#src/streaming/index.js';
import { chatDialect } from './chat.dialect.js';
import { ChatService } from './chat.service.js';
import { ChatCompletion } from './chat-completion.schema.js';
import { ChatRequest } from './chat-request.schema.js';

@ApiTags('openai')
@Controller('v1/chat/completions')
export class ChatController {
  constructor(private readonly chat: ChatService) {}

  @Post()
  @ApiOperation({
    summary: 'Answer a conversation',
    description:
      'With `"stream": true` as server-sent events: chunks, then `data: [DONE]`; `X-Stream-Id` names the stream.',
  })
  @RequireScope('models:call')
  @BodyLimit(DOCUMENTS_BYTES)
  @ReturnsOrStreams(ChatCompletion, asksInBody, 'The answer, or its chunks', chatDialect)
  async create(
    @Caller() caller: Principal,
    @Body({ schema: ChatRequest }) request: ChatRequest,
    @CallerGone() gone: AbortSignal,
    @Req() received: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChatCompletion | StreamableFile> {
    const owner = ownerOf(caller);
    if (!asksInBody(received)) {
      const { answer, limitHeaders } = await this.chat.complete(owner, request, gone);
      void reply.headers(limitHeaders);
      return answer;
    }
    const attended = announcedComeBack(received.headers);
    const { streamId, log, limitHeaders } = await this.chat.stream(owner, request, attended);
    void reply.headers({ ...limitHeaders, ...STREAM_HEADERS, 'x-stream-id': streamId });
    return eventStream(log, chatDialect);
  }
}
