import { createRedactor, createStreamRedactor, type RedactionMode } from '#libs/redaction/index.js';
import type { RedactionPolicies } from './redaction-policies.js';
import type { RedactionPolicy } from './redaction-policy.schema.js';
import { type Detectors, TrafficRedactor } from './traffic-redactor.js';

/** What the traffic of a tenant passes through; `undefined`: it passes as it is. */
export interface TenantRedaction {
  readonly policy: RedactionPolicy;
  /** On the way to a model. */
  readonly outbound: TrafficRedactor | undefined;
  /** On the way back. */
  readonly inbound: TrafficRedactor | undefined;
}

const standing = (mode: RedactionMode): Detectors => ({
  whole: createRedactor({ mode }),
  stream: () => createStreamRedactor({ mode }),
});

/** Finds the redactors of a tenant's policy. */
export class TrafficRedaction {
  private readonly redactors: Readonly<Record<RedactionMode, TrafficRedactor>>;

  constructor(
    private readonly policies: RedactionPolicies,
    detectorsOf: (mode: RedactionMode) => Detectors = standing,
  ) {
    this.redactors = {
      standard: new TrafficRedactor('standard', detectorsOf('standard')),
      strict: new TrafficRedactor('strict', detectorsOf('strict')),
    };
  }

  of(tenantId: string): TenantRedaction {
    const policy = this.policies.of(tenantId);
    const redactor = this.redactors[policy.mode];
    const on = (way: 'outbound' | 'inbound') => policy.direction === way || policy.direction === 'both';
    return {
      policy,
      outbound: on('outbound') ? redactor : undefined,
      inbound: on('inbound') ? redactor : undefined,
    };
  }
}
