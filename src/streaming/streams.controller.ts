import { Controller, Delete, Get, Headers, Param, Res, type StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type Principal, RequireScope } from '#src/auth/index.js';
import { EventStream, eventStream, NothingMore, nothingMore, Returns } from '#src/http/index.js';
import { readLastEventId } from './last-event-id.policy.js';
import { StreamView } from './stream.schema.js';
import { ownerOf } from './stream-owner.js';
import { Streams } from './streams.service.js';

@ApiTags('streams')
@Controller('v1/streams')
export class StreamsController {
  constructor(private readonly streams: Streams) {}

  @Get(':id/events')
  @ApiOperation({
    summary: 'Follow an own stream',
    description:
      'From the event behind `Last-Event-ID`, then live to its end. Behind the last event of all there is nothing: 204, at which ' +
      'an EventSource stops to reconnect.',
  })
  @RequireScope('streams:read')
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'string', pattern: '^[0-9]+$' } })
  @EventStream('The events of the stream behind Last-Event-ID, then those to come')
  @NothingMore()
  async events(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('Last-Event-ID') lastEventId?: string,
  ): Promise<StreamableFile | undefined> {
    const bytes = await this.streams.rest(id, ownerOf(caller), readLastEventId(lastEventId) ?? 0);
    void reply.header('x-stream-id', id);
    return bytes === undefined ? nothingMore(reply) : eventStream(bytes);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Stop the run behind a stream', description: 'A stream that is over stays as it is.' })
  @RequireScope('streams:cancel')
  @Returns(200, StreamView)
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<StreamView> {
    return this.streams.cancel(id, ownerOf(caller));
  }
}
