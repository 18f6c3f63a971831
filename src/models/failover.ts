import { AppError, type Log } from '#src/kernel/index.js';
import type { CallOutcome } from './breaker.machine.js';
import type { ModelCall } from './metered.js';
import type { ModelProvider, Progress } from './provider.port.js';
import type { ProviderLine } from './provider-line.js';
import { type Choice, priced } from './routing.policy.js';
import { cancellation, UpstreamError } from './upstream-error.js';

/** Asks a provider for the model that it calls so. */
export type Begin<T> = (provider: ModelProvider, model: string | undefined) => AsyncIterable<T | Progress>;

/** What is asked, and of whom. */
export interface Question<T> {
  readonly choices: readonly Choice<ProviderLine>[];
  readonly begin: Begin<T>;
  /** An estimate. */
  readonly inputTokens: number;
}

/**
 * Asks one choice after the other until one answers. Another takes over only as long as nothing was passed on: an answer
 * that breaks off later ends in its error, and is never begun anew behind the back of who reads it.
 */
export async function* failover<T extends { readonly type: string }>(
  { choices, begin, inputTokens }: Question<T>,
  { meter, signal }: ModelCall,
  log: Log,
): AsyncGenerator<T | Progress> {
  if (signal.aborted) throw cancellation(signal);
  let failure: unknown;
  for (const { offer: line, model, price } of priced(choices, meter.needsPrice)) {
    await meter.begin(inputTokens, price);
    const visit = line.enter();
    if (visit === undefined) continue;
    let begun = false;
    try {
      for await (const event of begin(line.provider, model)) {
        begun ||= event.type !== 'progress';
        // Before it is passed on: many a reader leaves with the last word.
        if (event.type === 'done') visit.end('worked');
        yield event;
      }
      return;
    } catch (error) {
      if (signal.aborted) throw cancellation(signal);
      visit.end(outcomeOf(error));
      noteFailure(log, line, error);
      if (begun || !passesOn(error)) throw error;
      failure = error;
      meter.again();
    } finally {
      visit.end('abandoned');
    }
  }
  throw failure ?? allTurnedAway(choices);
}

function noteFailure(log: Log, { status: { name } }: ProviderLine, error: unknown): void {
  const { fault, status } = error instanceof UpstreamError ? error : { fault: 'unknown', status: undefined };
  log.warn({ provider: name, fault, status }, 'model.call_failed');
}

const passesOn = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'UPSTREAM_FAILED' || error.code === 'UPSTREAM_TIMEOUT');

/** A refusal of this one request shows a provider at work. */
function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof UpstreamError) return error.outage ? 'failed' : 'worked';
  return error instanceof AppError && !passesOn(error) ? 'worked' : 'failed';
}

const allTurnedAway = (choices: readonly Choice<ProviderLine>[]): UpstreamError =>
  new UpstreamError('busy', 'Every provider of this model is failing at the moment', {
    retryAfterMs: Math.max(1_000, Math.min(...choices.map(({ offer }) => offer.closedForMs))),
  });
