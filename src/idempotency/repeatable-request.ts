import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '#src/auth/index.js';
import { type Answer, keptHeaders } from './answer.policy.js';
import type { Attempt } from './attempt.policy.js';
import type { Execution } from './execution.js';
import { type RepeatRequest, readRepeat } from './repeat-request.policy.js';

/** A request behind the guard. */
export interface RepeatableRequest extends AuthenticatedRequest {
  /** It said itself that it may be a repeat, so it was decided before it ran. */
  decided?: true;
  /** What is being sent, to who may ask for it again. */
  answer?: Answer;
  /** Others may wait for its answer. */
  execution?: Execution;
}

const KEY_HEADER = 'idempotency-key';
const COUNT_HEADER = 'x-stainless-retry-count';

/** What a request says about being a repeat, or about one that may come. */
export const announcedRepeat = (headers: FastifyRequest['headers']): RepeatRequest =>
  readRepeat(headers[KEY_HEADER], headers[COUNT_HEADER]);

const NO_BODY = Buffer.alloc(0);

/** The request as an attempt; `undefined` where doing it twice changes nothing, or nobody is known to ask. */
export function attemptOf(request: RepeatableRequest, key: string | undefined): Attempt | undefined {
  const { principal, method, rawBody, raw } = request;
  if (method !== 'POST' || principal === undefined) return undefined;
  const { url: route = '', config } = request.routeOptions;
  if (config.readsOnly === true) return undefined;
  const { tenantId, id: principalId } = principal;
  const [target, form, body] = [raw.url ?? '', formOf(request), rawBody ?? NO_BODY];
  return { tenantId, principalId, route, method, target, form, body, key };
}

const formOf = (request: RepeatableRequest): Attempt['form'] =>
  request.routeOptions.config.asksForStream?.(request) === true ? 'stream' : 'whole';

/** Whether a request is the same as an attempt, without a digest of every request that is under way. */
export function isAttempt(request: RepeatableRequest, attempt: Attempt): boolean {
  const { principal, raw, rawBody = NO_BODY } = request;
  const { tenantId, principalId, target, form, body } = attempt;
  if (principal?.tenantId !== tenantId || principal.id !== principalId || raw.url !== target) return false;
  return Buffer.compare(rawBody, body) === 0 && formOf(request) === form;
}

/** The answer as it is about to be sent. */
export function answerOf(reply: FastifyReply, payload: unknown): Answer {
  const headers = keptHeaders(reply.getHeaders());
  return { status: reply.statusCode, headers, body: bytesOf(payload), streamId: headers['x-stream-id'] };
}

function bytesOf(payload: unknown): Uint8Array | undefined {
  if (payload === undefined || payload === null) return NO_BODY;
  if (typeof payload === 'string') return Buffer.from(payload);
  return payload instanceof Uint8Array ? payload : undefined;
}
