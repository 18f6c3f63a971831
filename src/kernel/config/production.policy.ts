import type { Secret } from '../secret.js';
import type { Environment } from './environment.schema.js';
import { productionTokenFaults, tokenIssuers } from './token-issuers.policy.js';

const PLACEHOLDER =
  /change.?me|example|placeholder|secret.?here|your.?(key|secret)|insert|dummy|password|test.?key|^(0123|1234|abcd)/i;
const MINIMUM_LENGTH = 32;

const weakText = (text: string): boolean =>
  text.length < MINIMUM_LENGTH || PLACEHOLDER.test(text) || new Set(text).size < 8;

const weak = (secret: Secret): boolean => weakText(secret.reveal());

/** A bootstrap key carries `@tenant:roles` behind the secret. */
const weakEntry = (entry: Secret): boolean => weakText(entry.reveal().split('@', 1)[0] ?? '');

const SIGNING_SECRETS = ['HMAC_SECRET', 'HMAC_SECRET_PREVIOUS', 'HMAC_SEALING_KEY'] as const;

/** Why this environment may not serve production: one line a variable, values never shown. Empty when it may. */
export function productionFaults(env: Environment): readonly string[] {
  const required = (name: 'SSE_RESUME_SECRET' | 'SIGNING_KEY'): string | undefined => {
    const value = env[name];
    if (value === undefined) return `${name} (missing)`;
    return weak(value) ? `${name} (weak)` : undefined;
  };
  const keys =
    env.ASSIST_API_KEYS.length === 0 && env.HMAC_SECRET === undefined && tokenIssuers(env).length === 0
      ? 'ASSIST_API_KEYS (missing: nobody could call)'
      : env.ASSIST_API_KEYS.some(weakEntry)
        ? 'ASSIST_API_KEYS (weak)'
        : undefined;
  const signing = SIGNING_SECRETS.map((name) => {
    const value = env[name];
    return value !== undefined && weak(value) ? `${name} (weak)` : undefined;
  });
  const secrets = [required('SSE_RESUME_SECRET'), required('SIGNING_KEY'), keys, ...signing, ...modelFaults(env)];
  return [...secrets, ...productionTokenFaults(env)].filter((fault) => fault !== undefined);
}

/** Hosted models answer nobody without a key. */
const modelFaults = ({ MODEL_PROVIDERS: providers, OPENAI_API_KEY, ANTHROPIC_API_KEY }: Environment) => [
  providers.includes('openai') && OPENAI_API_KEY === undefined ? 'OPENAI_API_KEY (missing)' : undefined,
  providers.includes('anthropic') && ANTHROPIC_API_KEY === undefined ? 'ANTHROPIC_API_KEY (missing)' : undefined,
];
