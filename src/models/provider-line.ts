import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/kernel/index.js';
import {
  type Admission,
  admit,
  type Breaker,
  type BreakerPlan,
  type CallOutcome,
  CLOSED,
  settle,
} from './breaker.machine.js';
import type { ModelCard, ModelProvider } from './provider.port.js';

/** What the operator sees of one provider. */
export interface ProviderStatus {
  readonly name: string;
  readonly state: Breaker['state'];
  /** Calls since the start of the process, and how many of them failed; cancelled calls count as calls only. */
  readonly calls: number;
  readonly failures: number;
}

/** One call on its way. Ending it twice counts once. */
export interface Visit {
  end(outcome: CallOutcome): void;
}

const MOST_MODELS = 1_000;
const WORST_FIRST = ['open', 'half_open', 'closed'] as const;

/** A provider with its counts, and a breaker for each of its models: one that is failing says nothing about the others. */
export class ProviderLine {
  /** Of models that failed lately. Where callers name what they like, the oldest are forgotten. */
  private readonly breakers = new LRUCache<string, Breaker>({ max: MOST_MODELS });
  private calls = 0;
  private failures = 0;

  constructor(
    readonly provider: ModelProvider,
    private readonly plan: BreakerPlan,
    private readonly clock: Clock,
    private readonly changed: (line: ProviderLine, model: string, state: Breaker['state']) => void,
  ) {}

  get name(): string {
    return this.provider.name;
  }

  get models(): readonly ModelCard[] {
    return this.provider.models;
  }

  get status(): ProviderStatus {
    const states = new Set([...this.breakers.values()].map(({ state }) => state));
    const state = WORST_FIRST.find((each) => states.has(each)) ?? 'closed';
    return { name: this.name, state, calls: this.calls, failures: this.failures };
  }

  /** Milliseconds until somebody may probe a model; 0 when calls are let through. */
  closedForMs(model: string): number {
    const breaker = this.breakerOf(model);
    return breaker.state === 'open' ? Math.max(0, breaker.until - this.clock.now()) : 0;
  }

  /** `undefined` while the breaker of the model turns calls away. */
  enter(model: string): Visit | undefined {
    const { breaker, admission } = admit(this.breakerOf(model), this.clock.now());
    this.become(model, breaker);
    if (admission === undefined) return undefined;
    this.calls += 1;
    let ended = false;
    return {
      end: (outcome) => {
        if (ended) return;
        ended = true;
        this.leave(model, admission, outcome);
      },
    };
  }

  private leave(model: string, admission: Admission, outcome: CallOutcome): void {
    if (outcome === 'failed') this.failures += 1;
    this.become(model, settle(this.plan, this.breakerOf(model), { admission, outcome }, this.clock.now()));
  }

  private breakerOf(model: string): Breaker {
    return this.breakers.get(model) ?? CLOSED;
  }

  private become(model: string, next: Breaker): void {
    const moved = next.state !== this.breakerOf(model).state;
    if (next === CLOSED) this.breakers.delete(model);
    else this.breakers.set(model, next);
    if (moved) this.changed(this, model, next.state);
  }
}
