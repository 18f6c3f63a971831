import { z } from 'zod';
import { Secret } from '../../secret.js';
import { TenantId } from '../../tenant-id.js';
import { flag, positive, secret, words } from './text.schema.js';

/** Printable ASCII without comma and `@`, then the tenant and its roles. */
const BOOTSTRAP_KEY = /^[\x21-\x2b\x2d-\x3f\x41-\x7e]{32,256}(@[A-Za-z0-9._-]{1,64}(:[a-z]+(\+[a-z]+)*)?)?$/;

/** A key id, `=`, the 32 bytes of an Ed25519 public key in base64url, then the tenant and its roles. */
const PUBLIC_KEY = /^[A-Za-z0-9._-]{1,64}=[A-Za-z0-9_-]{43}(@[A-Za-z0-9._-]{1,64}(:[a-z]+(\+[a-z]+)*)?)?$/;

export const identity = {
  ASSIST_API_KEYS: words
    .pipe(z.array(z.string().regex(BOOTSTRAP_KEY)).min(1))
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
    .pipe(z.array(z.string().regex(PUBLIC_KEY)).min(1))
    .default([])
    .describe('Public keys of HTTP message signatures: comma list of id=x[@tenant[:role+role]], x as in a JWK'),
  METRICS_TOKEN: secret(16)
    .optional()
    .describe(
      'Bearer token of GET /metrics, at least 16 characters; 32 in production. Without it only loopback callers may read',
    ),
};
