import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from './server.ts';

/** What a gateway with everything on is told: the model it stands before, and stores that all its instances share. */
export interface Governed {
  readonly model: Server;
  readonly stores: Readonly<Record<string, string>>;
  /** A folder for the policy. */
  readonly scratch: string;
  readonly redaction: 'both' | 'off';
}

export function governedEnv({ model, stores, scratch, redaction }: Governed): Record<string, string> {
  const policy = join(scratch, `redaction-${redaction}.yaml`);
  writeFileSync(policy, `default: { direction: ${redaction}, mode: standard }\ntenants: {}\n`);
  return {
    ...stores,
    REDACTION_FILE: policy,
    MODEL_PROVIDERS: 'openai',
    OPENAI_BASE_URL: `http://127.0.0.1:${model.port}`,
    OPENAI_MODEL: 'fixed-1',
    TOKEN_LIMIT_PER_DAY: '1000000000000',
  };
}
