import type { Log } from '#src/kernel/index.js';
import { Attempt } from './attempt.js';
import type { CallMeter } from './call-meter.js';
import type { Metered, ModelCall } from './model-call.js';
import { modelNotFound } from './model-not-found.js';
import type { Asked } from './model-traffic.js';
import type { ProviderLine } from './provider-line.js';
import { type Choice, priced } from './routing.policy.js';
import type { TrafficForm } from './traffic-form.js';
import { cancellation, UpstreamError } from './upstream-error.js';

/** What is asked, and of whom. */
export interface Question<R, E extends Metered> extends Asked<R> {
  readonly form: TrafficForm<R, E>;
  readonly choices: readonly Choice<ProviderLine>[];
}

/**
 * Asks one choice after the other until one answers, and passes each event on once what it cost is counted. Another takes
 * over only as long as no piece of an answer came: one that breaks off later ends in its error, and is never begun anew
 * behind the back of who reads it. Ends the call where its meter says so.
 */
export async function* failover<R extends { readonly model?: string }, E extends Metered>(
  { form, choices, seen, reads }: Question<R, E>,
  call: ModelCall,
  log: Log,
): AsyncGenerator<E> {
  const { meter, signal } = call;
  // Also when the reader leaves.
  let how: Parameters<CallMeter['stop']>[0] = 'cancelled';
  let failure: unknown;
  try {
    if (signal.aborted) throw cancellation(signal);
    const request = await seen();
    const inputTokens = form.estimate(request);
    const asked = priced(choices, meter.needsPrice);
    for (const choice of asked) {
      const { offer: line, model, price } = choice;
      await meter.begin(inputTokens, price);
      const visit = line.enter(namedOf(choice, form));
      if (visit === undefined) continue;
      const attempt = new Attempt(line, visit, call);
      // While another one could take over, the first word tells whether that is needed.
      const whole = reads === 'end' && choice === asked.at(-1) && meter.affords(form.longest(request));
      const told = whole ? 'end' : 'pieces';
      try {
        for await (const event of form.begin(line.provider, calling(request, model), signal, told)) {
          const counted = attempt.count(event);
          if (counted !== undefined) await counted;
          if (event.type === 'done' || (reads !== 'end' && event.type !== 'progress')) yield event;
        }
        return;
      } catch (error) {
        await attempt.countFailed(error);
        attempt.fail(error, log);
        failure = choice.open === true && knowsNot(error) ? modelNotFound({ kind: form.answeredBy, model }) : error;
      } finally {
        attempt.leave();
      }
    }
    throw failure ?? allTurnedAway(choices.map((choice) => choice.offer.closedForMs(namedOf(choice, form))));
  } catch (error) {
    if (!signal.aborted) how = 'failed';
    throw error;
  } finally {
    await meter.stop(how);
  }
}

const calling = <R extends { readonly model?: string }>(request: R, model: string | undefined): R =>
  model === undefined || model === request.model ? request : { ...request, model };

/** The one that a provider takes when it is told none is a model of its own. */
const namedOf = ({ model }: Choice<ProviderLine>, { answeredBy }: { readonly answeredBy: string }): string =>
  model ?? answeredBy;

/** A provider's word on a model that its caller thought of. */
const knowsNot = (error: unknown): boolean =>
  error instanceof UpstreamError && error.fault === 'unserved' && error.status === 404;

const allTurnedAway = (closedForMs: readonly number[]): UpstreamError =>
  new UpstreamError('busy', 'Every provider of this model is failing at the moment', {
    retryAfterMs: Math.max(1_000, Math.min(...closedForMs)),
  });
