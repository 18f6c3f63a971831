import { z } from 'zod';
import { ed25519PrivateKey } from '../../ed25519-pem.js';
import { Secret } from '../../secret.js';
import { positive, secret } from './text.schema.js';

export const streams = {
  SSE_RESUME_SECRET: secret(32)
    .optional()
    .describe('Key of resume tokens, at least 32 characters; the same on every instance'),
  SIGNING_KEY: z
    .string()
    .refine((text) => ed25519PrivateKey(text) !== undefined, 'not an Ed25519 private key in PKCS #8 PEM')
    .transform((text) => new Secret(text))
    .optional()
    .describe('Ed25519 private key (PKCS #8 PEM) that signs receipts; the same on every instance'),
  SSE_HEARTBEAT_MS: positive.default(10_000).describe('Silence after which a stream sends a heartbeat, ms'),
  SSE_BUFFER_MAX_EVENTS: positive.default(10_000).describe('Events a live log keeps'),
  SSE_BUFFER_MAX_SIZE_MB: positive.default(16).describe('Size a live log keeps, MiB'),
  SSE_STATE_TTL_SEC: positive.default(3_600).describe('Life of a live log after its last event, s'),
  SSE_SNAPSHOT_TTL_SEC: positive.default(86_400).describe('Life of a finished stream for late resumes, s'),
  SSE_RESUME_TTL_MS: positive.default(900_000).describe('Life of a resume token, ms'),
};
