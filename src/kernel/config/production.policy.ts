import type { Secret } from '../secret.js';
import type { Environment } from './environment.schema.js';
import { type Rule, rule, type Variable } from './rule.js';

const PLACEHOLDER =
  /change.?me|example|placeholder|secret.?here|your.?(key|secret)|insert|dummy|password|test.?key|^(0123|1234|abcd)/i;
const MINIMUM_LENGTH = 32;

const weakText = (text: string): boolean =>
  text.length < MINIMUM_LENGTH || PLACEHOLDER.test(text) || new Set(text).size < 8;

const weak = (secret: Secret | undefined): boolean => secret !== undefined && weakText(secret.reveal());

/** A bootstrap key carries `@tenant:roles` behind the secret. */
const weakEntry = (entry: Secret): boolean => weakText(entry.reveal().split('@', 1)[0] ?? '');

const REQUIRED = ['SSE_RESUME_SECRET', 'SIGNING_KEY'] as const;
const STRONG = [
  'SSE_RESUME_SECRET',
  'HMAC_SECRET',
  'HMAC_SECRET_PREVIOUS',
  'HMAC_SEALING_KEY',
  'METRICS_TOKEN',
] as const;
/** Each lets somebody call. */
const WAYS_IN = ['ASSIST_API_KEYS', 'HMAC_SECRET', 'ED25519_KEYS', 'JWT_ISSUER', 'JWT_ISSUERS'] as const;
/** Hosted models answer nobody without a key. */
const MODEL_KEYS = { OPENAI_API_KEY: 'openai', ANTHROPIC_API_KEY: 'anthropic' } as const;

const inProduction = <N extends Variable>(reads: readonly N[], faults: Rule<N>['faults']) =>
  rule<N | 'NODE_ENV'>(['NODE_ENV', ...reads], (env, around) =>
    env.NODE_ENV === 'production' ? faults(env, around) : [],
  );

/** Why an environment may not serve production. */
export const productionRules: readonly Rule[] = [
  ...REQUIRED.map((name) => inProduction([], (_, { given }) => (given(name) ? [] : [`${name} (missing)`]))),
  inProduction([], (_, { given }) => (WAYS_IN.some(given) ? [] : ['ASSIST_API_KEYS (missing: nobody could call)'])),
  ...STRONG.map((name) => inProduction([name], ({ [name]: value }) => (weak(value) ? [`${name} (weak)`] : []))),
  inProduction(['ASSIST_API_KEYS'], ({ ASSIST_API_KEYS }) =>
    ASSIST_API_KEYS.some(weakEntry) ? ['ASSIST_API_KEYS (weak)'] : [],
  ),
  ...(['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'] as const).map((name) =>
    inProduction(['MODEL_PROVIDERS'], ({ MODEL_PROVIDERS }, { given }) =>
      MODEL_PROVIDERS.includes(MODEL_KEYS[name]) && !given(name) ? [`${name} (missing)`] : [],
    ),
  ),
  // Keys fetched over a line that others can write to.
  inProduction(['JWT_JWKS_URI'], ({ JWT_JWKS_URI }) => plainLines(JWT_JWKS_URI, 'JWT_JWKS_URI')),
  inProduction(['JWT_ISSUERS'], ({ JWT_ISSUERS = [] }) =>
    JWT_ISSUERS.flatMap(({ jwks_uri }, index) => plainLines(jwks_uri, `JWT_ISSUERS.${index}.jwks_uri`)),
  ),
  inProduction(['JWT_ISSUERS'], ({ JWT_ISSUERS = [] }) => unboundedIssuers(JWT_ISSUERS)),
];

const plainLines = (uri: string | undefined, name: string): string[] =>
  uri === undefined || new URL(uri).protocol === 'https:' ? [] : [`${name} (must be https)`];

/** Of two issuers that may both speak for any tenant, the weaker one decides for the other's tenants. */
const unboundedIssuers = (issuers: NonNullable<Environment['JWT_ISSUERS']>): string[] =>
  issuers.filter(({ tenants }) => tenants === undefined).length > 1
    ? ['JWT_ISSUERS (tenants missing: only one issuer may speak for every tenant)']
    : [];
