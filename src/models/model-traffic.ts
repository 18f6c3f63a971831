import type { PromptCache } from './cache/prompt-cache.js';
import type { Metered, ModelCall } from './model-call.js';
import type { Reads } from './provider.port.js';
import type { TenantRedaction, TrafficRedaction } from './redaction/traffic-redaction.js';
import type { Seen, TrafficForm } from './traffic-form.js';

/** One call on its way. */
export interface Passage<R, E extends Metered> {
  readonly form: TrafficForm<R, E>;
  readonly request: R;
  readonly call: ModelCall;
  /** Who would answer: an answer of others is another one. */
  setting(): unknown;
  /** Asks a model. Ends with one `done`. */
  ask(asked: Asked<R>): AsyncIterable<E>;
}

/** What a model sees, and what is read of its answer. */
export interface Asked<R> {
  readonly seen: Seen<R>;
  readonly reads: Reads | undefined;
}

/** What stands between every caller and every model. */
export interface Traffic {
  pass<R, E extends Metered>(passage: Passage<R, E>): AsyncIterable<E>;
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

  pass<R, E extends Metered>(passage: Passage<R, E>): AsyncIterable<E> {
    const { form, request, call } = passage;
    const redaction = this.redaction.of(call.tenantId);
    const { calls } = this.cache;
    // Redaction may make a request cacheable: it takes out what is looked up elsewhere.
    const forgotten = calls === 'off' || (redaction.outbound === undefined && !form.isCacheable(request, calls));
    if (!forgotten) return this.remember(passage, redaction);
    return answerOf(passage, redaction, { seen: seenBy(passage, redaction), reads: call.reads });
  }

  private async *remember<R, E extends Metered>(passage: Passage<R, E>, redaction: TenantRedaction): AsyncGenerator<E> {
    const { form, call, setting } = passage;
    const seen = await seenBy(passage, redaction)();
    const asked = { seen: () => seen, reads: call.reads };
    if (!form.isCacheable(seen, this.cache.calls)) return yield* answerOf(passage, redaction, asked);
    const question = {
      kind: form.kind,
      tenantId: call.tenantId,
      setting: [redaction.policy, setting()],
      request: form.question(seen),
    };
    // Those who wait for the same answer see by its pieces that it goes on.
    const ask = (): AsyncIterable<E> => answerOf(passage, redaction, { ...asked, reads: 'pieces' });
    yield* this.cache.pass({ question, call, ask, replay: form.replay });
  }
}

const seenBy = <R, E extends Metered>({ form, request }: Passage<R, E>, { outbound }: TenantRedaction): Seen<R> =>
  outbound === undefined ? () => request : () => form.redactRequest(request, outbound);

const answerOf = <R, E extends Metered>(
  { form, request, ask }: Passage<R, E>,
  { inbound }: TenantRedaction,
  asked: Asked<R>,
): AsyncIterable<E> => (inbound === undefined ? ask(asked) : form.redactAnswer(ask(asked), inbound, request));

const OFF: TenantRedaction = {
  policy: { direction: 'off', mode: 'standard' },
  outbound: undefined,
  inbound: undefined,
};

/** Nothing is redacted and nothing is remembered. */
export const UNWATCHED: Traffic = {
  pass: ({ request, call, ask }) => ask({ seen: () => request, reads: call.reads }),
  redactionOf: () => OFF,
};
