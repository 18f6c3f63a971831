import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, type Clock, type Degradation, type Drain, enterContext } from '#src/kernel/index.js';
import { bodyHash, hashHeaderOf } from './answer-hash.js';
import { filterAnswers } from './answer-schema.js';
import { beginRequest } from './begin-request.js';
import type { InFlight } from './in-flight.js';
import { parseJsonBody } from './json-body.policy.js';
import { isProbe } from './probes.policy.js';
import './request.js';

export interface EdgeParts {
  /** `X-Service-Version` */
  readonly version: string;
  /** First header prefix, e.g. `X-Countersign`. */
  readonly prefix: string;
  readonly degradation: Degradation;
  readonly drain: Drain;
  readonly inFlight: InFlight;
  readonly clock: Clock;
  /** From the signal to stop to the end of the process, ms. */
  readonly shutdownMs: number;
}

/** Share of the shutdown time in which an answer may still come; in the rest its caller is told to ask elsewhere. */
const PATIENCE = 0.85;

/** When another instance will have taken over, ms. */
const RETRY_MS = 1_000;

const HASHED = /^application\/([a-z.+-]*json|zip)/;

/** Hooks and parsers every request passes, whatever becomes of it; nothing here knows a feature. */
export function mountEdge(fastify: FastifyInstance, parts: EdgeParts): void {
  const hashHeader = hashHeaderOf(parts.prefix);
  fastify.decorateRequest('edge');
  fastify.decorateRequest('rawBody');

  fastify.addHook('onRoute', (route) => {
    const limit = route.config?.bodyLimitBytes;
    if (limit !== undefined) route.bodyLimit = limit;
  });

  fastify.addHook('onRequest', (request, reply, done) => {
    beginRequest(request, reply, parts.version);
    parts.inFlight.begin(request, reply);
    if (parts.drain.draining) reply.header('connection', 'close');
    enterContext(request.edge);
    done(refusal(request, parts.drain));
  });

  fastify.addHook('onSend', (request, reply, payload, done) => {
    const degraded = parts.degradation.header || request.edge.degraded;
    if (degraded !== undefined) reply.header('x-countersign-degraded', degraded);
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
      const type = reply.getHeader('content-type');
      if (typeof type === 'string' && HASHED.test(type)) {
        reply.header(hashHeader, bodyHash(payload));
      }
    }
    done(null, payload);
  });

  parts.drain.onDrain('answers', () => {
    parts.clock.after(parts.shutdownMs * PATIENCE, () => parts.inFlight.refuseAll(stopped));
  });

  filterAnswers(fastify);
  parts.inFlight.closeWhenIdle(fastify);
  mountJsonParser(fastify);
}

const stopped = (): AppError =>
  new AppError('NOT_READY', 'The service stopped before the answer was ready', { retryAfterMs: RETRY_MS });

function refusal(request: FastifyRequest, drain: Drain): AppError | undefined {
  const { httpVersion, rawHeaders, headers } = request.raw;
  if (httpVersion === '1.1' && hostHeaders(rawHeaders) !== 1) {
    return new AppError('BAD_INPUT', 'Exactly one Host header is required');
  }
  if (isCoded(headers['transfer-encoding'])) {
    return new AppError('BAD_INPUT', 'The one transfer coding that is understood is chunked');
  }
  if (drain.draining && !isProbe(request.url)) {
    return new AppError('NOT_READY', 'The service is shutting down', { retryAfterMs: RETRY_MS });
  }
  return undefined;
}

/** RFC 9112 §6.1: Node takes chunks apart and leaves any other coding on the bytes; a proxy before us may not. */
const isCoded = (coding: string | undefined): boolean => coding !== undefined && coding.toLowerCase() !== 'chunked';

/** RFC 9112 §3.2: a request without a Host header, or with two, is refused. Node keeps the first and says nothing. */
function hostHeaders(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

const JSON_FAULTS = {
  not_utf8: 'The body is not valid UTF-8',
  malformed: 'The body is not valid JSON',
  too_deep: 'The body is nested too deeply',
  too_many_members: 'The body has too many members',
  too_many_values: 'The body has too many values',
  forbidden_key: 'The body names a forbidden key',
} as const;

/** RFC 9110 §8.4: `identity` says that nothing was done to the body. */
const isEncoded = (codings: string | undefined): boolean =>
  codings?.split(',').some((each) => !/^(?:identity)?$/i.test(each.trim())) === true;

/** A small body could grow without limit, and a signature covers the bytes as they were sent. */
const notDecoded = (): AppError =>
  new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is, without a Content-Encoding', {
    details: { accept_encoding: 'identity' },
  });

function mountJsonParser(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', ({ headers }, _payload, done) => {
    if (headers['content-length'] === '0') done(null, undefined);
    else done(new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send application/json'));
  });
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    request.rawBody = bytes;
    if (isEncoded(request.headers['content-encoding'])) return done(notDecoded());
    if (bytes.length === 0) return done(null, undefined);
    const body = parseJsonBody(bytes, request.routeOptions.config.mostValues);
    if (body.ok) return done(null, body.value);
    const message = JSON_FAULTS[body.reason];
    done(new AppError('BAD_INPUT', message, { errors: [{ path: '', code: body.reason, message }] }));
  });
}
