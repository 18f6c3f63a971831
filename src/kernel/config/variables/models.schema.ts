import { z } from 'zod';
import { Secret } from '../../secret.js';
import { positive, sentSecret, words } from './text.schema.js';

/** Providers of one endpoint each, described by variables. */
export const BUILT_IN_PROVIDERS = ['embedded', 'openai', 'anthropic'] as const;

const NAME = '[a-z0-9][a-z0-9_-]{0,63}';
/** How a provider may be called. */
export const PROVIDER_NAME = new RegExp(`^${NAME}$`);
/** A name, `=`, and printable ASCII without comma. */
const ENDPOINT_KEY = new RegExp(`^${NAME}=[\\x21-\\x2b\\x2d-\\x7e]{1,1024}$`);

const endpointKeys = words.pipe(z.array(z.string().regex(ENDPOINT_KEY)).min(1)).transform((entries, context) => {
  const keys = new Map(entries.map((entry) => splitAt(entry, entry.indexOf('='))));
  if (keys.size < entries.length) context.addIssue({ code: 'custom', message: 'one key an endpoint' });
  return keys;
});

const splitAt = (entry: string, at: number): [string, Secret] => [entry.slice(0, at), new Secret(entry.slice(at + 1))];

export const models = {
  MODEL_PROVIDERS: words
    .pipe(z.array(z.string().regex(PROVIDER_NAME)).min(1))
    .default(['embedded'])
    .describe(
      'Providers in order of preference: embedded, openai, anthropic, and endpoints of MODELS_FILE by their names',
    ),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.openai.com/v1')
    .describe('Any OpenAI-compatible endpoint'),
  OPENAI_API_KEY: sentSecret.optional().describe('Its key'),
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
  ANTHROPIC_API_KEY: sentSecret.optional().describe('Its key'),
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
  MODELS_FILE: z
    .string()
    .optional()
    .describe('Further endpoints, and routes and prices of models; config/models.yaml when left out'),
  MODEL_ENDPOINT_KEYS: endpointKeys
    .optional()
    .describe('Keys of the endpoints in MODELS_FILE: comma list of name=key; one without a key is called without'),
  GRAPH_MAX_NODES: positive.max(500).default(50).describe('Most nodes of a graph'),
  GRAPH_MAX_EDGES: positive.max(2_000).default(200).describe('Most edges of a graph'),
};
