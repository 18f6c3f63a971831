import { Body, Controller, Inject, Post, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, type Principal, RequireScope } from '#src/auth/index.js';
import {
  BodyLimit,
  CallerGone,
  DOCUMENTS_BYTES,
  EventStream,
  eventStream,
  ReadsOnly,
  Returns,
  StreamsTo,
} from '#src/http/index.js';
import { CONFIG, type Config } from '#src/kernel/index.js';
import { ownerOf } from '#src/streaming/index.js';
import { asksInAccept, chooseAnswer } from './accept.policy.js';
import { DraftService } from './draft.service.js';
import { DraftGraphAnswer } from './draft-answer.schema.js';
import { DraftGraphRequest } from './draft-request.schema.js';
import { readResumeRequest } from './resume-request.policy.js';

@ApiTags('assist')
@Controller('assist/draft-graph')
export class AssistController {
  constructor(
    private readonly drafts: DraftService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Draft a decision graph from a brief and documents' })
  @RequireScope('drafts:create')
  @BodyLimit(DOCUMENTS_BYTES)
  @Returns(200, DraftGraphAnswer)
  @StreamsTo(asksInAccept)
  @ApiResponse({
    status: 426,
    description: 'An event stream was asked for; `details.stream_route` names where to get one',
  })
  async draft(
    @Caller() caller: Principal,
    @Body({ schema: DraftGraphRequest }) request: DraftGraphRequest,
    @CallerGone() gone: AbortSignal,
    @Req() received: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DraftGraphAnswer | StreamableFile> {
    const legacy = this.config.ENABLE_LEGACY_SSE ? 'legacy_streams' : 'json_only';
    if (chooseAnswer(received, legacy) !== 'json') return this.stream(caller, request, reply);
    const { result, limitHeaders } = await this.drafts.draft(ownerOf(caller), request, gone);
    void reply.headers(limitHeaders);
    return result;
  }

  @Post('stream')
  @ApiOperation({
    summary: 'Draft a decision graph as a stream of its stages',
    description: 'The run goes on when the connection ends; take it up again with the token of the `resume` event.',
  })
  @RequireScope('drafts:create')
  @BodyLimit(DOCUMENTS_BYTES)
  @EventStream('`stage`, `resume`, then `complete` or `error`; `X-Stream-Id` names the stream')
  async stream(
    @Caller() caller: Principal,
    @Body({ schema: DraftGraphRequest }) request: DraftGraphRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { streamId, bytes } = await this.drafts.stream(ownerOf(caller), request);
    void reply.headers({
      'x-stream-id': streamId,
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    return eventStream(bytes);
  }

  @Post('resume')
  @ApiOperation({
    summary: 'Take up a stream after the last event received',
    description: 'Replays what was missed, then goes on live. Any number of readers, on any instance.',
  })
  @RequireScope('streams:read')
  @ReadsOnly()
  @ApiHeader({
    name: 'X-Resume-Token',
    required: false,
    description: 'From the latest `resume` event; also as `<P>-Resume-Token`',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Number of the last event received, when newer than the token',
  })
  @ApiHeader({
    name: 'X-Resume-Mode',
    required: false,
    schema: { type: 'string', enum: ['live', 'replay'], default: 'live' },
  })
  @EventStream('The events after the position asked for, under their numbers')
  async resume(
    @Caller() caller: Principal,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const request = readResumeRequest(headers, this.config.HTTP_HEADER_PREFIXES);
    const { streamId, bytes } = await this.drafts.resume(ownerOf(caller), request);
    void reply.header('x-stream-id', streamId);
    return eventStream(bytes);
  }
}
