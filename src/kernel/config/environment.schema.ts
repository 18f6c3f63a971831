import { z } from 'zod';
import { dollars } from '../dollars.js';
import { Secret } from '../secret.js';
import { TenantId } from '../tenant-id.js';
import { IssuerName, KeySetUri, TokenAlgorithm, TokenIssuers } from './token-issuer.schema.js';

/** Printable ASCII without comma and `@`, then the tenant and its roles. */
const BOOTSTRAP_KEY = /^[\x21-\x2b\x2d-\x3f\x41-\x7e]{32,256}(@[A-Za-z0-9._-]{1,64}(:[a-z]+(\+[a-z]+)*)?)?$/;

/** A key id, `=`, the 32 bytes of an Ed25519 public key in base64url, then the tenant and its roles. */
const PUBLIC_KEY = /^[A-Za-z0-9._-]{1,64}=[A-Za-z0-9_-]{43}(@[A-Za-z0-9._-]{1,64}(:[a-z]+(\+[a-z]+)*)?)?$/;

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();
const perMinute = positive.max(100_000_000);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const words = z.string().transform((text) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);
const secret = (minimum: number) =>
  z
    .string()
    .min(minimum)
    .transform((text) => new Secret(text));

const http = {
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
  PORT: port.default(3101).describe('Port to listen on; 0 takes a free one'),
  TLS_CERT: z
    .string()
    .optional()
    .describe('Path of a PEM certificate chain; with TLS_KEY the service speaks HTTPS itself'),
  TLS_KEY: z.string().optional().describe('Path of the PEM key of TLS_CERT'),
  BODY_LIMIT_BYTES: positive.default(1_048_576).describe('Largest JSON body; routes that take documents allow 10 MiB'),
  HTTP_HEADER_PREFIXES: words
    .pipe(z.array(z.string().regex(/^X-[A-Za-z0-9-]{1,32}$/)).min(1))
    .default(['X-Countersign', 'X-Olumi'])
    .describe('Header prefixes a request may use; answers use the first'),
  ALLOWED_ORIGINS: words.default([]).describe('Origins that may call from a browser; none by default'),
  TRUSTED_PROXIES: words.default([]).describe('Addresses or CIDR ranges whose X-Forwarded-For is believed'),
  ENABLE_LEGACY_SSE: flag
    .default(false)
    .describe('Let POST /assist/draft-graph stream when asked for text/event-stream'),
};

const storage = {
  DATA_DIR: z
    .string()
    .min(1)
    .default('./.countersign')
    .describe('Where the embedded database and local credentials live'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .transform((text) => new Secret(text))
    .optional()
    .describe('PostgreSQL 15 or newer; embedded storage in DATA_DIR when left out'),
  DATABASE_POOL_SIZE: positive.max(200).default(10).describe('Connections to PostgreSQL of one process'),
  DATABASE_TIMEOUT: positive.default(2_000).describe('Longest wait for PostgreSQL, ms'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .transform((text) => new Secret(text))
    .optional()
    .describe('Redis 7 or newer; in-process hot state when left out'),
  REDIS_CLUSTER: flag.default(false).describe('REDIS_URL names a node of a Redis Cluster'),
  REDIS_TLS: flag.default(false).describe('Speak TLS to Redis'),
  REDIS_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .default('countersign')
    .describe('First part of every Redis key'),
  REDIS_CONNECT_TIMEOUT: positive.default(2_000).describe('Longest wait for a connection to Redis, ms'),
  REDIS_COMMAND_TIMEOUT: positive.default(500).describe('Longest wait for an answer of Redis, ms'),
};

const identity = {
  ASSIST_API_KEYS: words
    .pipe(z.array(z.string().regex(BOOTSTRAP_KEY)))
    .transform((entries) => entries.map((entry) => new Secret(entry)))
    .default([])
    .describe('Bootstrap API keys: comma list of secret[@tenant[:role+role]], secrets of at least 32 characters'),
  HMAC_SECRET: secret(16)
    .optional()
    .describe('Secret of signed requests that name no key, at least 16 characters; 32 in production'),
  HMAC_SECRET_PREVIOUS: secret(16).optional().describe('The secret before it, while clients change over'),
  HMAC_TENANT: TenantId.default('default').describe('Tenant of whoever signs with HMAC_SECRET'),
  HMAC_ROLES: words
    .pipe(z.array(z.string()).min(1))
    .default(['user'])
    .describe('Roles of whoever signs with HMAC_SECRET, a comma list'),
  HMAC_MAX_SKEW_MS: positive
    .max(86_400_000)
    .default(300_000)
    .describe('Largest distance between the time in a signed request and now, either way, ms'),
  HMAC_NONCE_FAIL_MODE: z
    .enum(['closed', 'local'])
    .default('closed')
    .describe('Signed requests while Redis is away: closed refuses them, local lets each process remember for itself'),
  HMAC_ALLOW_LEGACY: flag
    .default(false)
    .describe('Accept signatures without timestamp and nonce, which anybody who sees a request can use again'),
  HMAC_SEALING_KEY: secret(32)
    .optional()
    .describe('Encrypts the secrets of signing keys made over the API; the same on every instance'),
  ED25519_KEYS: words
    .pipe(z.array(z.string().regex(PUBLIC_KEY)))
    .default([])
    .describe('Public keys of HTTP message signatures: comma list of id=x[@tenant[:role+role]], x as in a JWK'),
  METRICS_TOKEN: secret(16)
    .optional()
    .describe('Bearer token of GET /metrics; without it only loopback callers may read'),
};

const tokens = {
  JWT_ISSUER: IssuerName.optional().describe('Issuer whose JWTs are accepted, exactly as in `iss`'),
  JWT_AUDIENCE: words
    .pipe(z.array(z.string()).min(1))
    .optional()
    .describe('Audiences of this service: a token must name one of them in `aud`'),
  JWT_JWKS_URI: KeySetUri.optional().describe('Where that issuer publishes its keys; https in production'),
  JWT_ISSUERS: TokenIssuers.optional().describe(
    'Several issuers: JSON list of { issuer, audience, jwks_uri, algorithms?, tenants? }, instead of the three above',
  ),
  JWT_ALGORITHMS: words
    .pipe(z.array(TokenAlgorithm).min(1))
    .default(['RS256', 'PS256', 'ES256'])
    .describe('Signature algorithms accepted in tokens'),
  JWT_TENANT_CLAIMS: words
    .pipe(z.array(z.string()).min(1))
    .default(['tenantId', 'tenant_id'])
    .describe('Claims that name the tenant of a token; those present must agree'),
  JWT_ISSUED_AFTER: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional()
    .describe('Refuse every token issued before this instant (ISO 8601): how all tokens stolen so far are cut off'),
};

const limits = {
  RATE_LIMIT_RPM: perMinute
    .default(120)
    .describe('Requests a minute of one principal; ten times as many of its tenant'),
  SSE_RATE_LIMIT_RPM: perMinute
    .default(20)
    .describe('Streams a minute of one principal; ten times as many of its tenant'),
  RATE_LIMIT_BURST: perMinute
    .optional()
    .describe('Requests that one principal may send at once; what it may send in a minute when left out'),
  TOKEN_LIMIT_PER_DAY: positive
    .max(1_000_000_000_000)
    .default(1_000_000)
    .describe('Model tokens of one principal in a UTC day; ten times as many of its tenant'),
  COST_LIMIT_PER_DAY: dollars(9)
    .optional()
    .describe(
      'USD that one principal may spend on models in a UTC day; ten times as many of its tenant. No limit when left out',
    ),
  PLANS_FILE: z.string().optional().describe('Limits of tenants that have others; config/plans.yaml when left out'),
  TOKEN_LEASE_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(600_000)
    .default(30_000)
    .describe('How long the tokens stay reserved that a call held whose process died, ms'),
  QUOTA_MODE: z
    .enum(['enforce', 'shadow'])
    .default('enforce')
    .describe('shadow counts and reports what would be refused, and refuses nothing'),
  FLOOD_LIMIT_RPM: perMinute
    .default(30_000)
    .describe(
      'Requests a minute of one client address (IPv6: one /64) to one process, before anybody is authenticated',
    ),
};

const streams = {
  SSE_RESUME_SECRET: secret(32)
    .optional()
    .describe('Key of resume tokens, at least 32 characters; the same on every instance'),
  SIGNING_KEY: secret(32)
    .optional()
    .describe('Ed25519 private key (PKCS #8 PEM) that signs receipts; the same on every instance'),
  SSE_HEARTBEAT_MS: positive.default(10_000).describe('Silence after which a stream sends a heartbeat, ms'),
  SSE_BUFFER_MAX_EVENTS: positive.default(10_000).describe('Events a live log keeps'),
  SSE_BUFFER_MAX_SIZE_MB: positive.default(16).describe('Size a live log keeps, MiB'),
  SSE_STATE_TTL_SEC: positive.default(3_600).describe('Life of a live log after its last event, s'),
  SSE_SNAPSHOT_TTL_SEC: positive.default(86_400).describe('Life of a finished stream for late resumes, s'),
  SSE_RESUME_TTL_MS: positive.default(900_000).describe('Life of a resume token, ms'),
};

const models = {
  MODEL_PROVIDERS: words
    .pipe(z.array(z.enum(['embedded', 'openai', 'anthropic'])).min(1))
    .default(['embedded'])
    .describe('Providers in order of preference: embedded, openai, anthropic'),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.openai.com/v1')
    .describe('Any OpenAI-compatible endpoint'),
  OPENAI_API_KEY: secret(1).optional().describe('Its key'),
  OPENAI_MODEL: z.string().min(1).default('gpt-5-mini').describe('Model used when the caller names none'),
  OPENAI_EMBEDDING_MODEL: z
    .string()
    .min(1)
    .default('text-embedding-3-small')
    .describe('Embedding model used when the caller names none'),
  ANTHROPIC_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.anthropic.com')
    .describe('Any endpoint that speaks the Messages API of Anthropic'),
  ANTHROPIC_API_KEY: secret(1).optional().describe('Its key'),
  ANTHROPIC_MODEL: words
    .pipe(z.tuple([z.string()], z.string()))
    .default(['claude-sonnet-5-5'])
    .describe('Models offered, comma-separated; the first is used when the caller names none'),
  ANTHROPIC_MAX_OUTPUT_TOKENS: positive
    .default(16_384)
    .describe('Most tokens of an answer, thinking included, when the caller sets no limit'),
  MODEL_CONNECT_TIMEOUT: positive.default(5_000).describe('Longest wait for a connection to a model, ms'),
  MODEL_FIRST_TOKEN_TIMEOUT: positive
    .default(60_000)
    .describe('Longest wait for the first word of a model that streams, ms'),
  MODEL_IDLE_TIMEOUT: positive.default(30_000).describe('Longest silence of a model between its words, ms'),
  MODEL_TOTAL_TIMEOUT: positive.default(120_000).describe('Longest call of one provider, its retries included, ms'),
  REDACTION_FILE: z
    .string()
    .optional()
    .describe('What is redacted in the model traffic of which tenant; config/redaction.yaml when left out'),
  PROMPT_CACHE_CALLS: z
    .enum(['off', 'deterministic', 'all'])
    .default('deterministic')
    .describe('Calls that may be answered from memory: deterministic takes embeddings and texts at temperature 0'),
  PROMPT_CACHE_TTL_SEC: positive.max(2_592_000).default(3_600).describe('How long an answer may be given again, s'),
  PROMPT_CACHE_MEMORY_MB: positive.max(4_096).default(16).describe('Answers that one process keeps, MiB'),
  PROMPT_CACHE_ENTRY_KB: positive.max(16_384).default(512).describe('Largest answer that is kept, KiB'),
  MODELS_FILE: z.string().optional().describe('Routes and prices of models; config/models.yaml when left out'),
  GRAPH_MAX_NODES: positive.max(500).default(50).describe('Most nodes of a graph'),
  GRAPH_MAX_EDGES: positive.max(2_000).default(200).describe('Most edges of a graph'),
};

const process = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('production refuses weak or missing secrets'),
  ROLE: z
    .enum(['all', 'api', 'worker'])
    .default('all')
    .describe('api leaves background work to workers, worker does it; both need DATABASE_URL and REDIS_URL'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least important log line that is written'),
  SHUTDOWN_TIMEOUT: positive.default(10_000).describe('Longest time from SIGTERM to exit, ms'),
};

/** The variables by chapter of `config/env.example`; each exists once. */
export const chapters = { process, http, storage, identity, tokens, limits, streams, models } as const;

export const Environment = z.object({
  ...process,
  ...http,
  ...storage,
  ...identity,
  ...tokens,
  ...limits,
  ...streams,
  ...models,
});
export type Environment = z.output<typeof Environment>;

/** Variables that can also be given as `NAME_FILE`, the path of a file that holds the value. */
export const SECRET_VARIABLES = [
  'DATABASE_URL',
  'REDIS_URL',
  'ASSIST_API_KEYS',
  'HMAC_SECRET',
  'HMAC_SECRET_PREVIOUS',
  'HMAC_SEALING_KEY',
  'METRICS_TOKEN',
  'SSE_RESUME_SECRET',
  'SIGNING_KEY',
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
] as const satisfies readonly (keyof Environment)[];
