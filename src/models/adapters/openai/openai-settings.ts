import type { Config, Secret } from '#src/kernel/index.js';
import { type UpstreamSettings, upstreamLimits } from '../upstream/upstream-settings.js';

/** One OpenAI-compatible endpoint. */
export interface OpenAiSettings extends UpstreamSettings {
  readonly apiKey: Secret | undefined;
  readonly model: string;
  readonly embeddingModel: string;
}

export const openAiSettings = (config: Config): OpenAiSettings => ({
  ...upstreamLimits(config),
  baseUrl: config.OPENAI_BASE_URL,
  apiKey: config.OPENAI_API_KEY,
  model: config.OPENAI_MODEL,
  embeddingModel: config.OPENAI_EMBEDDING_MODEL,
});
