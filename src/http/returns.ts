import { Readable } from 'node:stream';
import { applyDecorators, Header, HttpCode, StreamableFile } from '@nestjs/common';
import { ApiExtension, ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { ZodType } from 'zod';
import { routeConfig } from './route-config.js';

/** The status, the documented response, and what is allowed to leave. */
export const Returns = (status: number, schema: ZodType): MethodDecorator =>
  applyDecorators(HttpCode(status), routeConfig({ answer: schema }), ApiResponse({ status, standardSchema: schema }));

/** Marks a route that answers 200 with server-sent events (HTML Living Standard §9.2). */
export const EventStream = (description: string): MethodDecorator =>
  applyDecorators(
    HttpCode(200),
    routeConfig({ eventStream: true }),
    Header('cache-control', 'no-cache, no-transform'),
    Header('x-accel-buffering', 'no'),
    ApiProduces('text/event-stream'),
    ApiResponse({ status: 200, description, content: { 'text/event-stream': { schema: { type: 'string' } } } }),
  );

/** Bytes a slow reader may have waiting in the process. */
const READER_BUFFER_BYTES = 65_536;

/** Ready event-stream bytes as an answer; the iterable is returned early when the caller goes away. */
export const eventStream = (bytes: AsyncIterable<Uint8Array>): StreamableFile =>
  new StreamableFile(Readable.from(bytes, { objectMode: false, highWaterMark: READER_BUFFER_BYTES }), {
    type: 'text/event-stream; charset=utf-8',
  });

/** Largest body of a route, where it is not the global limit. */
export const BodyLimit = (bytes: number): MethodDecorator => routeConfig({ bodyLimitBytes: bytes });

/** How the document marks an operation that changes nothing. */
export const READS_ONLY = 'x-reads-only';

/** A POST that changes nothing, however often it is sent: an idempotency key has nothing to protect there. */
export const ReadsOnly = (): MethodDecorator =>
  applyDecorators(routeConfig({ readsOnly: true }), ApiExtension(READS_ONLY, true));
