import type { FastifyRequest } from 'fastify';
import type { ZodType } from 'zod';
import type { RequestContext } from '#src/kernel/index.js';
import type { AsksForStream } from '../asks-for-stream.js';
import type { Dialect } from '../dialect.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the edge knows about this request; set before anything else runs. */
    edge: RequestContext;
    /** The body bytes as received; `undefined` when there was no body. Signatures are over these. */
    rawBody: Buffer | undefined;
  }

  interface FastifyContextConfig {
    /** Largest body of this route, bytes; the global limit when left out. */
    bodyLimitBytes?: number;
    /** Most values of the JSON, where it is not the global limit. */
    mostValues?: number;
    /** Shape of the answer: what it does not name does not leave. */
    answer?: ZodType;
    /** Which requests the route answers with server-sent events; none when left out. */
    asksForStream?: AsksForStream;
    /** How its streams are told, when not in the words of the log. */
    dialect?: Dialect;
    /** A POST that changes nothing: it is never answered from memory. */
    readsOnly?: boolean;
    /** Anybody may call: a body is read whoever sends it. */
    open?: boolean;
  }
}

/** A request after the edge: its context and, where there was one, its raw body. */
export type EdgeRequest = FastifyRequest;
