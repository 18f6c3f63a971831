/** Whether a provider is called. Every change of state is here; time is an argument. */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly until: number }
  | { readonly state: 'half_open' };

/** How one call ended for the breaker. `abandoned`: the caller left, nothing was learnt. */
export type CallOutcome = 'worked' | 'failed' | 'abandoned';

/** Leave to call: in the ordinary way, or as the one probe of a breaker that was open. */
export type Admission = 'ordinary' | 'probe';

export interface BreakerPlan {
  /** Failures in a row that open the breaker. */
  readonly failures: number;
  /** How long it stays open before one call may probe. */
  readonly openMs: number;
}

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

/** An open breaker lets exactly one call through once its time is over; the others keep being turned away. */
export function admit(
  breaker: Breaker,
  now: number,
): { readonly breaker: Breaker; readonly admission: Admission | undefined } {
  if (breaker.state === 'closed') return { breaker, admission: 'ordinary' };
  if (breaker.state === 'half_open' || now < breaker.until) return { breaker, admission: undefined };
  return { breaker: { state: 'half_open' }, admission: 'probe' };
}

/** Calls admitted before the breaker opened say nothing about it any more; only the probe closes it. */
export function settle(
  plan: BreakerPlan,
  breaker: Breaker,
  call: { readonly admission: Admission; readonly outcome: CallOutcome },
  now: number,
): Breaker {
  if (call.admission === 'probe') return settleProbe(plan, call.outcome, now);
  if (breaker.state !== 'closed' || call.outcome === 'abandoned') return breaker;
  if (call.outcome === 'worked') return CLOSED;
  const failures = breaker.failures + 1;
  return failures >= plan.failures ? { state: 'open', until: now + plan.openMs } : { state: 'closed', failures };
}

function settleProbe(plan: BreakerPlan, outcome: CallOutcome, now: number): Breaker {
  if (outcome === 'worked') return CLOSED;
  return { state: 'open', until: outcome === 'failed' ? now + plan.openMs : now };
}
