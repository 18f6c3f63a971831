import type { BUILT_IN_PROVIDERS, Clock, Config, Log } from '#src/kernel/index.js';
import type { ModelsFile } from '../models-file.schema.js';
import type { ModelProvider } from '../provider.port.js';
import { anthropicSettings } from './anthropic/anthropic-settings.js';
import { EmbeddedProvider } from './embedded/embedded-provider.js';
import { endpointSettings, type OpenAiSettings, openAiSettings } from './openai/openai-settings.js';

type Maker = (config: Config, clock: Clock, log: Log) => ModelProvider | Promise<ModelProvider>;

/** The client of the upstreams is a tenth of a start: it is loaded for whoever has one. */
async function openAi(settings: OpenAiSettings, clock: Clock, log: Log): Promise<ModelProvider> {
  const { OpenAiProvider } = await import('./openai/openai-provider.js');
  return new OpenAiProvider(settings, clock, log);
}

const BUILT_IN: Readonly<Record<(typeof BUILT_IN_PROVIDERS)[number], Maker>> = {
  embedded: () => new EmbeddedProvider(),
  openai: (config, clock, log) => openAi(openAiSettings(config), clock, log),
  anthropic: async (config, clock, log) => {
    const { AnthropicProvider } = await import('./anthropic/anthropic-provider.js');
    return new AnthropicProvider(anthropicSettings(config), clock, log);
  },
};

/** Those of `MODEL_PROVIDERS`, in its order. */
export function configuredProviders(
  config: Config,
  { endpoints }: ModelsFile,
  clock: Clock,
  log: Log,
): Promise<readonly ModelProvider[]> {
  const makers = new Map<string, Maker>([
    ...Object.entries(BUILT_IN),
    ...Object.entries(endpoints).map(([name, endpoint]): [string, Maker] => [
      name,
      () => openAi(endpointSettings(config, name, endpoint), clock, log),
    ]),
  ]);
  const names = [...new Set(config.MODEL_PROVIDERS)];
  return Promise.all(names.flatMap((name) => makers.get(name)?.(config, clock, log) ?? []));
}
