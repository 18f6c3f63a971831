import type { Secret } from '../secret.js';
import type { Environment } from './environment.schema.js';

const PLACEHOLDER =
  /change.?me|example|placeholder|secret.?here|your.?(key|secret)|insert|dummy|password|test.?key|^(0123|1234|abcd)/i;
const MINIMUM_LENGTH = 32;

const weak = (secret: Secret): boolean => {
  // A bootstrap key carries `@tenant:roles` behind the secret.
  const [text = ''] = secret.reveal().split('@');
  return text.length < MINIMUM_LENGTH || PLACEHOLDER.test(text) || new Set(text).size < 8;
};

/** Why this environment may not serve production: one line a variable, values never shown. Empty when it may. */
export function productionFaults(env: Environment): readonly string[] {
  const required = (name: 'SSE_RESUME_SECRET' | 'SIGNING_KEY'): string | undefined => {
    const value = env[name];
    if (value === undefined) return `${name} (missing)`;
    return weak(value) ? `${name} (weak)` : undefined;
  };
  const keys =
    env.ASSIST_API_KEYS.length === 0
      ? 'ASSIST_API_KEYS (missing: nobody could call)'
      : env.ASSIST_API_KEYS.some(weak)
        ? 'ASSIST_API_KEYS (weak)'
        : undefined;
  const model =
    env.MODEL_PROVIDERS.includes('openai') && env.OPENAI_API_KEY === undefined ? 'OPENAI_API_KEY (missing)' : undefined;
  return [required('SSE_RESUME_SECRET'), required('SIGNING_KEY'), keys, model].filter((fault) => fault !== undefined);
}
