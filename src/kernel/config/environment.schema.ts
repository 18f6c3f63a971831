import { z } from 'zod';
import { http } from './variables/http.schema.js';
import { identity } from './variables/identity.schema.js';
import { limits } from './variables/limits.schema.js';
import { models } from './variables/models.schema.js';
import { process } from './variables/process.schema.js';
import { storage } from './variables/storage.schema.js';
import { streams } from './variables/streams.schema.js';
import { tokens } from './variables/tokens.schema.js';

/** The variables by chapter of `config/env.example`; each exists once. */
export const chapters = { process, http, storage, identity, tokens, limits, streams, models } as const;

/** Every variable may be left out. */
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
  'MODEL_ENDPOINT_KEYS',
] as const satisfies readonly (keyof Environment)[];
