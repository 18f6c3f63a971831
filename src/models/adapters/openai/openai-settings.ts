import type { Config, Secret } from '#src/kernel/index.js';

/** One OpenAI-compatible endpoint. Times in milliseconds. */
export interface OpenAiSettings {
  readonly baseUrl: string;
  readonly apiKey: Secret | undefined;
  readonly model: string;
  readonly embeddingModel: string;
  readonly connectMs: number;
  /** Longest silence, before and between the words. */
  readonly idleMs: number;
  /** Longest call, retries and repair included. */
  readonly totalMs: number;
  /** First wait before a retry; later ones grow, all are jittered. */
  readonly retryBaseMs: number;
  /** Largest answer of the upstream, framing included. */
  readonly maxResponseBytes: number;
}

export const openAiSettings = (config: Config): OpenAiSettings => ({
  baseUrl: config.OPENAI_BASE_URL,
  apiKey: config.OPENAI_API_KEY,
  model: config.OPENAI_MODEL,
  embeddingModel: config.OPENAI_EMBEDDING_MODEL,
  connectMs: config.MODEL_CONNECT_TIMEOUT,
  idleMs: config.MODEL_IDLE_TIMEOUT,
  totalMs: config.MODEL_TOTAL_TIMEOUT,
  retryBaseMs: 200,
  maxResponseBytes: 16 * 1_048_576,
});
