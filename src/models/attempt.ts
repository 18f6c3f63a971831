import { AppError, type Log } from '#src/kernel/index.js';
import type { CallOutcome } from './breaker.machine.js';
import type { Metered, ModelCall } from './model-call.js';
import type { Progress } from './provider.port.js';
import type { ProviderLine, Visit } from './provider-line.js';
import { cancellation, UpstreamError } from './upstream-error.js';

/** One provider being asked: what its answer costs is counted, and how it ended is told to its breaker. */
export class Attempt {
  private begun = false;
  private refused = false;

  constructor(
    private readonly line: ProviderLine,
    private readonly visit: Visit,
    private readonly call: ModelCall,
  ) {}

  /** Counts what an event says the call has cost. No promise: it may be passed on. */
  count(event: Metered | Progress): Promise<void> | undefined {
    this.begun ||= event.type !== 'progress';
    const { meter } = this.call;
    if (event.type !== 'done') return meter.grow(event.used)?.catch((refusal: unknown) => this.refuse(refusal));
    // Before it is passed on: many a reader leaves with the last word.
    this.visit.end('worked');
    return meter.end(event.usage, event.model);
  }

  /** Counts what a failed answer has cost, where its provider says so. */
  async countFailed(error: unknown): Promise<void> {
    if (error instanceof UpstreamError && error.used !== undefined)
      await this.count({ type: 'progress', used: error.used });
  }

  /** @throws what the call ends in, unless another provider may take over */
  fail(error: unknown, log: Log): void {
    if (this.refused) throw error;
    if (this.call.signal.aborted) throw cancellation(this.call.signal);
    this.visit.end(outcomeOf(error));
    noteFailure(log, this.line, error);
    if (this.begun || !passesOn(error)) throw error;
    this.call.meter.again();
  }

  /** The provider has nothing to do with the end of the call, unless that was told before. */
  leave(): void {
    this.visit.end('abandoned');
  }

  /** The meter's word, and not the provider's failure. */
  private refuse(refusal: unknown): never {
    this.refused = true;
    throw refusal;
  }
}

function noteFailure(log: Log, { name }: ProviderLine, error: unknown): void {
  const { fault, status } = error instanceof UpstreamError ? error : { fault: 'unknown', status: undefined };
  log.warn({ provider: name, fault, status }, 'model.call_failed');
}

const UPSTREAMS: ReadonlySet<string> = new Set(['UPSTREAM_FAILED', 'UPSTREAM_TIMEOUT']);

/** What is wrong with a request, or must not be answered, is so for everybody: nobody else is asked behind its back. */
function passesOn(error: unknown): boolean {
  if (error instanceof UpstreamError) return error.passesOn;
  return error instanceof AppError && UPSTREAMS.has(error.code);
}

/** A refusal of this one request shows a provider at work. */
function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof UpstreamError) return error.outage ? 'failed' : 'worked';
  return error instanceof AppError && !passesOn(error) ? 'worked' : 'failed';
}
