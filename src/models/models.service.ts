import { AppError, type Clock, type Degradation, type Log } from '#src/kernel/index.js';
import type { BreakerPlan, CallOutcome } from './breaker.machine.js';
import { estimateInput } from './messages.policy.js';
import { type ModelCall, metered } from './metered.js';
import { type Traffic, UNWATCHED } from './model-traffic.js';
import type {
  EmbedRequest,
  EmbedResult,
  ModelCard,
  ModelProvider,
  Progress,
  StructuredEvent,
  StructuredRequest,
  TextEvent,
  TextRequest,
} from './provider.port.js';
import { ProviderLine, type ProviderStatus } from './provider-line.js';
import type { TenantRedaction } from './redaction/traffic-redaction.js';
import { candidates } from './routing.policy.js';
import { estimateAll } from './tokens.policy.js';
import { EMBEDDING, type Embedded, STRUCTURED, TEXT } from './traffic-form.js';
import { cancellation, UpstreamError } from './upstream-error.js';

const BREAKER: BreakerPlan = { failures: 5, openMs: 10_000 };

type Begin<T> = (provider: ModelProvider) => AsyncIterable<T | Progress>;

/**
 * The models of this installation. Providers are tried in the configured order; another one takes over only as long
 * as the caller has seen nothing. `NOT_FOUND`: no provider serves the model that was named. `UPSTREAM_FAILED`,
 * `UPSTREAM_TIMEOUT`: the last provider's failure. `CANCELLED`: the signal aborted. What a meter throws ends its call.
 */
export class Models {
  private readonly lines: readonly ProviderLine[];

  constructor(
    providers: readonly ModelProvider[],
    clock: Clock,
    private readonly degradation: Degradation,
    private readonly log: Log,
    private readonly traffic: Traffic = UNWATCHED,
  ) {
    this.lines = providers.map((provider) => new ProviderLine(provider, BREAKER, clock, (line) => this.moved(line)));
  }

  structured(request: StructuredRequest, call: ModelCall): AsyncIterable<StructuredEvent> {
    const lines = this.route('text', request.model);
    const ask = (seen: StructuredRequest): AsyncIterable<StructuredEvent> => {
      const inputTokens = estimateAll([seen.system, seen.prompt]);
      const begin: Begin<StructuredEvent> = (provider) => provider.structured(seen, call.signal);
      return metered(this.run(lines, begin, call), call, inputTokens);
    };
    return this.traffic.pass({ form: STRUCTURED, request, call, setting: settingOf(lines), ask });
  }

  text(request: TextRequest, call: ModelCall): AsyncIterable<TextEvent> {
    const lines = this.route('text', request.model);
    const ask = (seen: TextRequest): AsyncIterable<TextEvent> => {
      const begin: Begin<TextEvent> = (provider) => provider.text(seen, call.signal);
      return metered(this.run(lines, begin, call), call, estimateInput(seen));
    };
    return this.traffic.pass({ form: TEXT, request, call, setting: settingOf(lines), ask });
  }

  async embed(request: EmbedRequest, call: ModelCall): Promise<EmbedResult> {
    const lines = this.route('embedding', request.model);
    const ask = (seen: EmbedRequest): AsyncIterable<Embedded> => {
      const begin: Begin<Embedded> = async function* (provider) {
        yield { type: 'done', ...(await provider.embed(seen, call.signal)) };
      };
      return metered(this.run(lines, begin, call), call, estimateAll(seen.texts));
    };
    const passage = { form: EMBEDDING, request, call, setting: settingOf(lines), ask };
    for await (const { type: _type, ...result } of this.traffic.pass(passage)) return result;
    throw new UpstreamError('unfit', 'The model gave no embedding');
  }

  /** What the words of a tenant pass through on their way to a model and back: also what is shown or kept beside them. */
  redactionOf(tenantId: string): TenantRedaction {
    return this.traffic.redactionOf(tenantId);
  }

  /** Every model a caller may name, first choice first. */
  cards(): readonly ModelCard[] {
    return this.lines.flatMap(({ models }) => models);
  }

  /** Providers in the configured order. */
  status(): readonly ProviderStatus[] {
    return this.lines.map(({ status }) => status);
  }

  /** @throws {AppError} `NOT_FOUND`, at once and not first when the answer is read */
  private route(kind: ModelCard['kind'], model: string | undefined): readonly ProviderLine[] {
    const lines = candidates(this.lines, kind, model);
    if (lines.length > 0) return lines;
    throw new AppError('NOT_FOUND', `No provider serves ${model === undefined ? `an ${kind}` : `that ${kind}`} model`, {
      details: { models: this.cards().flatMap((card) => (card.kind === kind ? [card.id] : [])) },
    });
  }

  private async *run<T extends { readonly type: string }>(
    lines: readonly ProviderLine[],
    begin: Begin<T>,
    { meter, signal }: ModelCall,
  ): AsyncGenerator<T | Progress> {
    if (signal.aborted) throw cancellation(signal);
    let failure: unknown;
    for (const line of lines) {
      const visit = line.enter();
      if (visit === undefined) continue;
      let begun = false;
      try {
        for await (const event of begin(line.provider)) {
          begun ||= event.type !== 'progress';
          yield event;
        }
        visit.end('worked');
        return;
      } catch (error) {
        if (signal.aborted) throw cancellation(signal);
        visit.end(outcomeOf(error));
        this.noteFailure(line, error);
        if (begun || !passesOn(error)) throw error;
        failure = error;
        meter.again();
      } finally {
        visit.end('abandoned');
      }
    }
    throw failure ?? allTurnedAway(lines);
  }

  private noteFailure({ status: { name } }: ProviderLine, error: unknown): void {
    const { fault, status } = error instanceof UpstreamError ? error : { fault: 'unknown', status: undefined };
    this.log.warn({ provider: name, fault, status }, 'model.call_failed');
  }

  private moved(line: ProviderLine): void {
    const { name, state } = line.status;
    if (line === this.lines[0]) this.degradation.mark('model', state !== 'closed');
    this.log.warn({ provider: name, state }, 'model.breaker_moved');
  }
}

/** Who would answer, in order. */
const settingOf = (lines: readonly ProviderLine[]): unknown =>
  lines.map(({ provider: { name }, models }) => [name, models.map(({ id }) => id)]);

const passesOn = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'UPSTREAM_FAILED' || error.code === 'UPSTREAM_TIMEOUT');

/** A refusal of this one request shows a provider at work. */
function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof UpstreamError) return error.outage ? 'failed' : 'worked';
  return error instanceof AppError && !passesOn(error) ? 'worked' : 'failed';
}

const allTurnedAway = (lines: readonly ProviderLine[]): UpstreamError =>
  new UpstreamError('busy', 'Every provider of this model is failing at the moment', {
    retryAfterMs: Math.max(1_000, Math.min(...lines.map(({ closedForMs }) => closedForMs))),
  });
