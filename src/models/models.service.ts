import { type Clock, type Degradation, type Log, type Price } from '#src/kernel/index.js';
import type { BreakerPlan } from './breaker.machine.js';
import { failover } from './failover.js';
import type { Metered, ModelCall } from './model-call.js';
import { modelNotFound } from './model-not-found.js';
import { type Asked, type Traffic, UNWATCHED } from './model-traffic.js';
import type {
  EmbedRequest,
  EmbedResult,
  ModelCard,
  ModelProvider,
  StructuredEvent,
  StructuredRequest,
  TextEvent,
  TextRequest,
} from './provider.port.js';
import { ProviderLine, type ProviderStatus } from './provider-line.js';
import type { TenantRedaction } from './redaction/traffic-redaction.js';
import { NO_ROUTES, type RouteTable } from './route-table.js';
import { type Choice, choices } from './routing.policy.js';
import { EMBEDDING, STRUCTURED, TEXT, type TrafficForm } from './traffic-form.js';
import { UpstreamError } from './upstream-error.js';

/** More than anybody configures: names that only a wildcard serves are as many as callers can think of. */
const MOST_NAMES = 1_000;
const BREAKER: BreakerPlan = { failures: 5, openMs: 10_000 };

/** What the operator decided about models and their traffic. */
export interface ModelTerms {
  readonly table?: RouteTable;
  readonly traffic?: Traffic;
}

type Choices = readonly Choice<ProviderLine>[];

/**
 * The models of this installation. Providers are tried in the order of a name's route, or in the configured one; another
 * one takes over only as long as the caller has seen nothing. `NOT_FOUND`: no provider serves the model that was named.
 * `UPSTREAM_FAILED`, `UPSTREAM_TIMEOUT`, `RATE_LIMITED`: the last provider's failure. `BAD_INPUT`: what it found wrong with the request. `CANCELLED`: the signal aborted. What a meter throws
 * ends its call.
 */
export class Models {
  private readonly lines: readonly ProviderLine[];
  /** Of names that were asked for and are served: neither providers nor routes change. */
  private readonly chosen: Readonly<Record<ModelCard['kind'], Map<string | undefined, Choices>>> = {
    text: new Map(),
    embedding: new Map(),
  };
  private readonly table: RouteTable;
  private readonly traffic: Traffic;

  constructor(
    providers: readonly ModelProvider[],
    clock: Clock,
    private readonly degradation: Degradation,
    private readonly log: Log,
    { table = NO_ROUTES, traffic = UNWATCHED }: ModelTerms = {},
  ) {
    this.table = table;
    this.traffic = traffic;
    this.lines = providers.map(
      (provider) => new ProviderLine(provider, BREAKER, clock, (...move) => this.moved(...move)),
    );
  }

  structured(request: StructuredRequest, call: ModelCall): AsyncIterable<StructuredEvent> {
    return this.ask(STRUCTURED, request, call);
  }

  text(request: TextRequest, call: ModelCall): AsyncIterable<TextEvent> {
    return this.ask(TEXT, request, call);
  }

  async embed(request: EmbedRequest, call: ModelCall): Promise<EmbedResult> {
    for await (const { type: _type, ...result } of this.ask(EMBEDDING, request, call)) return result;
    throw new UpstreamError('unfit', 'The model gave no embedding');
  }

  /** What the words of a tenant pass through on their way to a model and back: also what is shown or kept beside them. */
  redactionOf(tenantId: string): TenantRedaction {
    return this.traffic.redactionOf(tenantId);
  }

  /** Every model a caller may name: routes, then what providers serve themselves, first choice first. */
  cards(): readonly ModelCard[] {
    const routed = this.table.cards;
    const names = new Set(routed.map(({ id }) => id));
    return [...routed, ...this.lines.flatMap(({ models }) => models.filter(({ id }) => !names.has(id)))];
  }

  /** Of the first choice whose price is known; `undefined` when no one's is. */
  price(kind: ModelCard['kind'], model: string | undefined): Price | undefined {
    return this.choices(kind, model).find(({ price }) => price !== undefined)?.price;
  }

  /** @throws {AppError} `NOT_FOUND`: for whoever has to know it before anything else is done */
  assertServed(kind: ModelCard['kind'], model: string | undefined): void {
    this.route(kind, model);
  }

  /** Providers in the configured order. */
  status(): readonly ProviderStatus[] {
    return this.lines.map(({ status }) => status);
  }

  private ask<R extends { readonly model?: string }, E extends Metered>(
    form: TrafficForm<R, E>,
    request: R,
    call: ModelCall,
  ): AsyncIterable<E> {
    const chosen = this.route(form.answeredBy, request.model);
    const ask = (asked: Asked<R>): AsyncIterable<E> => failover({ ...asked, form, choices: chosen }, call, this.log);
    return this.traffic.pass({ form, request, call, setting: () => settingOf(chosen), ask });
  }

  /** @throws {AppError} `NOT_FOUND`, at once and not first when the answer is read */
  private route(kind: ModelCard['kind'], model: string | undefined): Choices {
    const found = this.choices(kind, model);
    if (found.length > 0) return found;
    const instead = this.cards().flatMap((card) => (card.kind === kind ? [card.id] : []));
    throw modelNotFound({ kind, model, instead });
  }

  private choices(kind: ModelCard['kind'], model: string | undefined): Choices {
    const known = this.chosen[kind];
    const found = known.get(model) ?? choices(this.lines, this.table, kind, model);
    if (found.length > 0 && known.size < MOST_NAMES) known.set(model, found);
    return found;
  }

  private moved(line: ProviderLine, model: string, state: ProviderStatus['state']): void {
    const { name: provider, state: worst } = line.status;
    if (line === this.lines[0]) this.degradation.mark('model', worst !== 'closed');
    this.log.warn({ provider, model, state }, 'model.breaker_moved');
  }
}

/** Who would answer, in order. */
const settingOf = (choices: Choices): unknown =>
  choices.map(({ offer: { name, models }, model }) => [name, model ?? models.map(({ id }) => id)]);
