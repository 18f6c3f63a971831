import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  Param,
  Post,
  Query,
  Req,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, type Principal, RequireScope } from '#src/auth/index.js';
import {
  asksInBody,
  asksInQuery,
  BodyLimit,
  CallerGone,
  DOCUMENTS_BYTES,
  eventStream,
  NothingMore,
  nothingMore,
  Returns,
  ReturnsOrStreams,
  STREAM_HEADERS,
} from '#src/http/index.js';
import { announcedComeBack } from '#src/idempotency/index.js';
import { ownerOf, readLastEventId } from '#src/streaming/index.js';
import { DeletedResponse, ItemList, ItemsQuery, ResponseQuery, ResponseView } from './response.schema.js';
import { ResponseAnswers } from './response-answers.service.js';
import { postedFrames, readFrames } from './response-frames.js';
import { ResponseRequest } from './response-request.schema.js';
import { ResponseStreams } from './response-streams.service.js';
import { Responses } from './responses.service.js';

@ApiTags('openai')
@Controller('v1/responses')
@RequireScope('models:call')
export class ResponsesController {
  constructor(
    private readonly answers: ResponseAnswers,
    private readonly running: ResponseStreams,
    private readonly responses: Responses,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Make a response',
    description:
      'With `"stream": true` as server-sent events, each with its `sequence_number`, then `data: [DONE]`; `X-Stream-Id` names the ' +
      'log. With `"background": true` it is made whoever listens, also when the process that accepted it dies.',
  })
  @BodyLimit(DOCUMENTS_BYTES)
  @ReturnsOrStreams(ResponseView, asksInBody, 'The response, or its events', postedFrames)
  async create(
    @Caller() caller: Principal,
    @Body({ schema: ResponseRequest }) request: ResponseRequest,
    @CallerGone() gone: AbortSignal,
    @Req() received: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ResponseView | StreamableFile> {
    const owner = ownerOf(caller);
    const streamed = asksInBody(received);
    if (!streamed && request.background !== true) {
      const { answer, limitHeaders } = await this.answers.answer(owner, request, gone);
      void reply.headers(limitHeaders);
      return answer;
    }
    const attended = announcedComeBack(received.headers);
    const { streamId, answer, read, limitHeaders } = await this.running.start(owner, request, attended);
    void reply.headers(limitHeaders);
    if (!streamed) return answer;
    void reply.headers({ ...STREAM_HEADERS, 'x-stream-id': streamId });
    return eventStream(read(), postedFrames);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Read a response, or follow it',
    description:
      'With `stream=true` its events behind `starting_after`, then live to its end; the id of each is its `sequence_number`. ' +
      'Any number of readers, on any instance. A response that was answered at once has no events.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description:
      'Another word for `starting_after`: the later event counts. Behind the last event of all the answer is 204, at which an ' +
      'EventSource stops to reconnect',
  })
  @ReturnsOrStreams(ResponseView, asksInQuery, 'The response as it is, or its events', readFrames)
  @NothingMore()
  async read(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query({ schema: ResponseQuery }) { starting_after }: ResponseQuery,
    @Req() received: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('Last-Event-ID') lastEventId?: string,
  ): Promise<ResponseView | StreamableFile | undefined> {
    const owner = ownerOf(caller);
    if (!asksInQuery(received)) return this.responses.read(owner, id);
    const [after, heard] = [readLastEventId(starting_after), readLastEventId(lastEventId)];
    const { streamId, log } = await (heard === undefined
      ? this.responses.follow(owner, id, after)
      : this.responses.rest(owner, id, Math.max(heard, after ?? 0)));
    void reply.headers({ ...STREAM_HEADERS, 'x-stream-id': streamId });
    return log === undefined ? nothingMore(reply) : eventStream(log, readFrames);
  }

  @Post(':id/cancel')
  @ApiOperation({
    summary: 'Stop a response that is being made',
    description: 'The model is stopped, and what it cost so far is charged. A response that is over stays as it is.',
  })
  @Returns(200, ResponseView)
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<ResponseView> {
    return this.responses.cancel(ownerOf(caller), id);
  }

  @Delete(':id')
  @ApiOperation({
    summary: 'Forget a response',
    description: 'With its events. One that is being made is stopped first.',
  })
  @Returns(200, DeletedResponse)
  remove(@Caller() caller: Principal, @Param('id') id: string): Promise<DeletedResponse> {
    return this.responses.remove(ownerOf(caller), id);
  }

  @Get(':id/input_items')
  @ApiOperation({ summary: 'List what a response was asked', description: 'Without the responses before it.' })
  @Returns(200, ItemList)
  items(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query({ schema: ItemsQuery }) query: ItemsQuery,
  ): Promise<ItemList> {
    return this.responses.items(ownerOf(caller), id, query);
  }
}
