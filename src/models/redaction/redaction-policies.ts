import type { RedactionFile, RedactionPolicy } from './redaction-policy.schema.js';

/** Which policy a tenant has. */
export class RedactionPolicies {
  private readonly byTenant: ReadonlyMap<string, RedactionPolicy>;
  private readonly ofOthers: RedactionPolicy;

  constructor({ default: ofOthers, tenants }: RedactionFile) {
    this.ofOthers = ofOthers;
    this.byTenant = new Map(
      Object.entries(tenants).map(([tenant, { direction = ofOthers.direction, mode = ofOthers.mode }]) => [
        tenant,
        { direction, mode },
      ]),
    );
  }

  of(tenantId: string): RedactionPolicy {
    return this.byTenant.get(tenantId) ?? this.ofOthers;
  }
}
