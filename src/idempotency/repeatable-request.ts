import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '#src/auth/index.js';
import type { ComeBack } from '#src/kernel/index.js';
import { type Answer, keptHeaders } from './answer.policy.js';
import type { Attempt } from './attempt.policy.js';
import { comeBackOf } from './come-back.policy.js';
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
/** Of the SDKs for JavaScript, where a call has a time-out of its own, and of those for Python. */
const TIMEOUT_HEADERS = ['x-stainless-timeout', 'x-stainless-read-timeout'] as const;
const SECONDS = /^\d{1,6}(\.\d{1,3})?$/;

/** What a request says about being a repeat, or about one that may come. */
export const announcedRepeat = (headers: FastifyRequest['headers']): RepeatRequest =>
  readRepeat(headers[KEY_HEADER], headers[COUNT_HEADER]);

/** How long the work of a request waits for a caller who left; `undefined`: it goes on to its end. */
export const announcedComeBack = (headers: FastifyRequest['headers']): ComeBack | undefined =>
  comeBackOf(announcedRepeat(headers), Math.max(...TIMEOUT_HEADERS.map((name) => timeoutOf(headers[name]))));

const timeoutOf = (seconds: string | string[] | undefined): number =>
  typeof seconds === 'string' && SECONDS.test(seconds) ? Number(seconds) * 1_000 : 0;

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
