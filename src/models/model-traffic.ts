import type { PromptCache } from './cache/prompt-cache.js';
import type { ModelCall } from './metered.js';
import type { TenantRedaction, TrafficRedaction } from './redaction/traffic-redaction.js';
import type { TrafficForm } from './traffic-form.js';

/** One call on its way. */
export interface Passage<R, E extends { readonly type: string }> {
  readonly form: TrafficForm<R, E>;
  readonly request: R;
  readonly call: ModelCall;
  /** Who would answer: an answer of others is another one. */
  setting(): unknown;
  /** Asks a model. Ends with one `done`. */
  ask(seen: R): AsyncIterable<E>;
}

/** What stands between every caller and every model. */
export interface Traffic {
  pass<R, E extends { readonly type: string }>(passage: Passage<R, E>): AsyncIterable<E>;
  /** What a tenant's words pass through; also for those that are shown or kept beside an answer. */
  redactionOf(tenantId: string): TenantRedaction;
}

/**
 * What leaves is redacted first, so that a question is remembered as the model saw it; what comes back is redacted before
 * it is kept or passed on.
 */
export class ModelTraffic implements Traffic {
  constructor(
    private readonly redaction: TrafficRedaction,
    private readonly cache: PromptCache,
  ) {}

  redactionOf(tenantId: string): TenantRedaction {
    return this.redaction.of(tenantId);
  }

  pass<R, E extends { readonly type: string }>(passage: Passage<R, E>): AsyncIterable<E> {
    const { form, request, call, ask } = passage;
    const redaction = this.redaction.of(call.tenantId);
    const plain = redaction.policy.direction === 'off' && !form.isCacheable(request, this.cache.calls);
    return plain ? ask(request) : this.watch(passage, redaction);
  }

  private async *watch<R, E extends { readonly type: string }>(
    { form, request, call, setting, ask }: Passage<R, E>,
    { policy, outbound, inbound }: TenantRedaction,
  ): AsyncGenerator<E> {
    const seen = outbound === undefined ? request : await form.redactRequest(request, outbound);
    const answer = (): AsyncIterable<E> =>
      inbound === undefined ? ask(seen) : form.redactAnswer(ask(seen), inbound, seen);
    if (!form.isCacheable(seen, this.cache.calls)) return yield* answer();
    const { kind } = form;
    const question = { kind, tenantId: call.tenantId, setting: [policy, setting()], request: form.question(seen) };
    yield* this.cache.pass({ question, call, ask: answer, replay: form.replay });
  }
}

const OFF: TenantRedaction = {
  policy: { direction: 'off', mode: 'standard' },
  outbound: undefined,
  inbound: undefined,
};

/** Nothing is redacted and nothing is remembered. */
export const UNWATCHED: Traffic = {
  pass: ({ request, ask }) => ask(request),
  redactionOf: () => OFF,
};
