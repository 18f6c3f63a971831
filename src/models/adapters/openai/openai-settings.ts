import type { Config, Secret } from '#src/kernel/index.js';
import type { Endpoint } from '../../models-file.schema.js';
import { type UpstreamSettings, upstreamLimits } from '../upstream/upstream-settings.js';

/** One OpenAI-compatible endpoint. */
export interface OpenAiSettings extends UpstreamSettings {
  /** Of the provider that it is. */
  readonly name: string;
  readonly apiKey: Secret | undefined;
  /** Of each kind the first is asked when the caller names none. */
  readonly models: readonly string[];
  readonly embeddingModels: readonly string[];
}

export const openAiSettings = (config: Config): OpenAiSettings => ({
  ...upstreamLimits(config),
  name: 'openai',
  baseUrl: config.OPENAI_BASE_URL,
  apiKey: config.OPENAI_API_KEY,
  models: [config.OPENAI_MODEL],
  embeddingModels: [config.OPENAI_EMBEDDING_MODEL],
});

/** One that is described in `config/models.yaml`. */
export const endpointSettings = (config: Config, name: string, endpoint: Endpoint): OpenAiSettings => ({
  ...upstreamLimits(config),
  name,
  baseUrl: endpoint.base_url,
  apiKey: config.MODEL_ENDPOINT_KEYS?.get(name),
  models: endpoint.models,
  embeddingModels: endpoint.embedding_models,
});
