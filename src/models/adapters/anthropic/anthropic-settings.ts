import type { Config, Secret } from '#src/kernel/index.js';
import { type UpstreamSettings, upstreamLimits } from '../upstream/upstream-settings.js';

/** One endpoint that speaks Anthropic's Messages API. */
export interface AnthropicSettings extends UpstreamSettings {
  readonly apiKey: Secret | undefined;
  /** The models it is asked for; the first when the caller names none. */
  readonly models: readonly [string, ...string[]];
  /** Most tokens of an answer, thinking included, when the caller sets no limit: the API demands one. */
  readonly maxOutputTokens: number;
}

export const anthropicSettings = (config: Config): AnthropicSettings => ({
  ...upstreamLimits(config),
  baseUrl: config.ANTHROPIC_BASE_URL,
  apiKey: config.ANTHROPIC_API_KEY,
  models: config.ANTHROPIC_MODEL,
  maxOutputTokens: config.ANTHROPIC_MAX_OUTPUT_TOKENS,
});
