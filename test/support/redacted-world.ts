import type { RedactionPolicy } from '#src/models/redaction/redaction-policy.schema.js';
import { modelWorld } from './model-world.ts';
import { ScriptedModel } from './scripted-model.ts';

/** What nobody may see who is not to. */
export const CANARY = 'canary.lovelace@example.com';

/** Models whose traffic is redacted for the tenant `acme` alone, by this policy. */
export const redactedWorld = (policy: Partial<RedactionPolicy>, model = new ScriptedModel()) =>
  modelWorld({
    model,
    redaction: {
      default: { direction: 'off', mode: 'standard' },
      tenants: { acme: { direction: 'both', ...policy } },
    },
  });
