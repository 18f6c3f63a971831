import { Readable } from 'node:stream';
import { applyDecorators, Header, HttpCode, StreamableFile } from '@nestjs/common';
import { ApiExtension, ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ZodType } from 'zod';
import { type AsksForStream, asksAlways } from './asks-for-stream.js';
import { type Dialect, inDialect } from './dialect.js';
import { routeConfig } from './route-config.js';

/** The status, the documented response, and what is allowed to leave. */
export const Returns = (status: number, schema: ZodType): MethodDecorator =>
  applyDecorators(HttpCode(status), routeConfig({ answer: schema }), ApiResponse({ status, standardSchema: schema }));

/** What keeps whoever is between the service and its caller from holding a stream back. */
export const STREAM_HEADERS = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' } as const;

const STREAM_CONTENT = { 'text/event-stream': { schema: { type: 'string' } } } as const;

/** Marks a route that answers 200 with server-sent events (HTML Living Standard §9.2). */
export const EventStream = (description: string): MethodDecorator =>
  applyDecorators(
    HttpCode(200),
    routeConfig({ asksForStream: asksAlways }),
    ...Object.entries(STREAM_HEADERS).map(([name, value]) => Header(name, value)),
    ApiProduces('text/event-stream'),
    ApiResponse({ status: 200, description, content: STREAM_CONTENT }),
  );

/** Marks a route that answers those who ask so with server-sent events. */
export const StreamsTo = (asksForStream: AsksForStream): MethodDecorator => routeConfig({ asksForStream });

/** {@link Returns}, and server-sent events in this dialect to {@link StreamsTo} those who ask so. */
export const ReturnsOrStreams = (
  schema: ZodType,
  asksForStream: AsksForStream,
  description: string,
  dialect: Dialect,
): MethodDecorator =>
  applyDecorators(
    HttpCode(200),
    routeConfig({ answer: schema, asksForStream, dialect }),
    ApiProduces('application/json', 'text/event-stream'),
    ApiResponse({ status: 200, description, standardSchema: schema }),
  );

/** Bytes a slow reader may have waiting in the process. */
const READER_BUFFER = { objectMode: false, highWaterMark: 65_536 } as const;

/** Ready event-stream bytes as an answer; the iterable is returned early when the caller goes away. */
export const eventStream = (log: AsyncIterable<Uint8Array>, dialect?: Dialect): StreamableFile =>
  new StreamableFile(Readable.from(dialect === undefined ? log : inDialect(log, dialect), READER_BUFFER), {
    type: 'text/event-stream; charset=utf-8',
  });

/** Documents the answer of {@link nothingMore}. */
export const NothingMore = (): MethodDecorator =>
  ApiResponse({ status: 204, description: 'The stream is over, and `Last-Event-ID` is its last event' });

/** For a reader that has all of a stream that is over: an EventSource does not come back after 204 (HTML Living Standard §9.2.3). */
export function nothingMore(reply: FastifyReply): undefined {
  void reply.status(204).removeHeader('content-type');
}

/** Largest body of routes that take documents or images. */
export const DOCUMENTS_BYTES = 10 * 1_024 * 1_024;

/** Largest body of a route, where it is not the global limit. */
export const BodyLimit = (bytes: number): MethodDecorator => routeConfig({ bodyLimitBytes: bytes });

/** Most values in the JSON of a route's body, where it is not the global limit; its schema must not take long for each. */
export const MostValues = (count: number): MethodDecorator => routeConfig({ mostValues: count });

/** How the document marks an operation that changes nothing. */
export const READS_ONLY = 'x-reads-only';

/** A POST that changes nothing, however often it is sent: an idempotency key has nothing to protect there. */
export const ReadsOnly = (): MethodDecorator =>
  applyDecorators(routeConfig({ readsOnly: true }), ApiExtension(READS_ONLY, true));
