import { AsyncLocalStorage } from 'node:async_hooks';
import type { Dependency } from './degradation.js';

/** What the service knows about the request in hand; one object, filled in as the request passes. */
export interface RequestContext {
  readonly requestId: string;
  /** 32 lower-case hex digits (W3C trace context). */
  readonly traceId: string;
  tenantId?: string;
  principalId?: string;
  /** How the caller authenticated. */
  method?: string;
  /** How the caller wants answers that were given before: `refresh` asks anew, `none` keeps nothing either (RFC 9111 §5.2.1). */
  readonly reuse?: 'refresh' | 'none' | undefined;
  /** A dependency that was away for this request alone: the next one may find it. */
  degraded?: Dependency;
  /** Code of the error table, when the answer is an error. */
  problem?: string;
  /** The cause of a failure: logged once with the request, never sent. */
  cause?: unknown;
  /** More fields for the one log event of this request. */
  readonly fields: Record<string, unknown>;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The context of the running request; `undefined` outside one. */
export const currentContext = (): RequestContext | undefined => storage.getStore();

/** What runs now, and everything it starts, is inside this context until the callback of the event loop ends. */
export const enterContext = (context: RequestContext): void => storage.enterWith(context);
