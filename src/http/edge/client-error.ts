import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, type Degradation, type Log, type RequestContext } from '#src/kernel/index.js';
import { bodyHash, hashHeaderOf } from './answer-hash.js';
import type { InFlight } from './in-flight.js';
import { problemReply } from './problem-reply.policy.js';
import { newTraceId, SECURITY_HEADERS } from './response-headers.policy.js';

const FAULTS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The header section is too large',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'The chunk extensions are too large',
};

export interface ClientErrorParts {
  readonly version: string;
  readonly prefix: string;
  readonly log: Log;
  readonly inFlight: InFlight;
  readonly degradation: Degradation;
}

/**
 * Answers what never becomes a request: bytes that are not HTTP, more header than the parser takes, CONNECT, an
 * expectation nobody can meet. The answer is written by hand, with the headers and the body of any other error.
 */
export class ClientErrors {
  constructor(private readonly parts: ClientErrorParts) {}

  /** For Fastify's `clientErrorHandler`. */
  readonly handle = (error: Error & { code?: string }, socket: Socket): void => {
    // Behind an answer under way, another one would become a part of it.
    if (error.code === 'ECONNRESET' || !socket.writable || this.parts.inFlight.answering(socket)) {
      socket.destroy();
      return;
    }
    this.refuse(socket, new AppError('BAD_INPUT', FAULTS[error.code ?? ''] ?? 'The request is not valid HTTP'));
  };

  /** Node answers these itself, or not at all, when nobody listens. */
  watch(server: Server): void {
    server.on('checkExpectation', ({ socket }: IncomingMessage) =>
      this.refuse(socket, new AppError('BAD_INPUT', 'The expectation cannot be met')),
    );
    server.on('connect', (_request: IncomingMessage, socket: Socket) =>
      this.refuse(socket, new AppError('METHOD_NOT_ALLOWED', 'This is no proxy', { details: { allow: [] } })),
    );
  }

  private refuse(socket: Socket, failure: AppError): void {
    const { version, prefix, log, degradation } = this.parts;
    const context: RequestContext = {
      requestId: randomUUID(),
      traceId: newTraceId(),
      fields: {},
    };
    const { status, headers, body } = problemReply(failure, context, { url: '', baseUrl: '' });
    const payload = JSON.stringify(body);
    const degraded = degradation.header;
    const lines = Object.entries({
      ...SECURITY_HEADERS,
      ...headers,
      'x-request-id': context.requestId,
      'x-trace-id': context.traceId,
      'x-service-version': version,
      ...(degraded === '' ? {} : { 'x-countersign-degraded': degraded }),
      [hashHeaderOf(prefix)]: bodyHash(payload),
      'content-length': String(Buffer.byteLength(payload)),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const ids = { request_id: context.requestId, trace_id: context.traceId };
    log.info({ ...ids, http_status: status, problem: failure.code, detail: failure.message }, 'connection.refused');
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${payload}`);
  }
}
