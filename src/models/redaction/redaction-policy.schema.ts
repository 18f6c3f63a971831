import { z } from 'zod';
import { redactionModes } from '#libs/redaction/index.js';

const RedactionPolicy = z.strictObject({
  /** `outbound`: what a model sees. `inbound`: what the caller gets, and what is kept of it. */
  direction: z.enum(['off', 'outbound', 'inbound', 'both']),
  mode: z.enum(redactionModes),
});
export type RedactionPolicy = z.infer<typeof RedactionPolicy>;

/** The content of `config/redaction.yaml`: the policy of everybody, and where a tenant's differs. */
export const RedactionFile = z.strictObject({
  default: RedactionPolicy,
  tenants: z.record(z.string().min(1), RedactionPolicy.partial()),
});
export type RedactionFile = z.infer<typeof RedactionFile>;
