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

/** A provider with its breaker and its counts. */
export class ProviderLine {
  private breaker: Breaker = CLOSED;
  private calls = 0;
  private failures = 0;

  constructor(
    readonly provider: ModelProvider,
    private readonly plan: BreakerPlan,
    private readonly clock: Clock,
    private readonly changed: (line: ProviderLine) => void,
  ) {}

  get name(): string {
    return this.provider.name;
  }

  get models(): readonly ModelCard[] {
    return this.provider.models;
  }

  get status(): ProviderStatus {
    return { name: this.name, state: this.breaker.state, calls: this.calls, failures: this.failures };
  }

  /** Milliseconds until somebody may probe; 0 when calls are let through. */
  get closedForMs(): number {
    return this.breaker.state === 'open' ? Math.max(0, this.breaker.until - this.clock.now()) : 0;
  }

  /** `undefined` while the breaker turns calls away. */
  enter(): Visit | undefined {
    const { breaker, admission } = admit(this.breaker, this.clock.now());
    this.become(breaker);
    if (admission === undefined) return undefined;
    this.calls += 1;
    let ended = false;
    return {
      end: (outcome) => {
        if (ended) return;
        ended = true;
        this.leave(admission, outcome);
      },
    };
  }

  private leave(admission: Admission, outcome: CallOutcome): void {
    if (outcome === 'failed') this.failures += 1;
    this.become(settle(this.plan, this.breaker, { admission, outcome }, this.clock.now()));
  }

  private become(next: Breaker): void {
    const moved = next.state !== this.breaker.state;
    this.breaker = next;
    if (moved) this.changed(this);
  }
}
