import { Module } from '@nestjs/common';
import { Clock, CONFIG, type Config, Degradation, Log } from '#src/kernel/index.js';
import { Hot, StorageModule } from '#src/storage/index.js';
import { anthropicSettings } from './adapters/anthropic/anthropic-settings.js';
import { EmbeddedProvider } from './adapters/embedded/embedded-provider.js';
import { readRouteTable } from './adapters/models-file.js';
import { openAiSettings } from './adapters/openai/openai-settings.js';
import { readRedactionPolicies } from './adapters/redaction-file.js';
import { CacheCounts } from './cache/cache-counts.js';
import { cacheTerms } from './cache/cache-terms.js';
import { PromptCache } from './cache/prompt-cache.js';
import { ModelTraffic } from './model-traffic.js';
import { Models } from './models.service.js';
import type { ModelProvider } from './provider.port.js';
import { TrafficRedaction } from './redaction/traffic-redaction.js';

type Maker = (config: Config, clock: Clock, log: Log) => ModelProvider | Promise<ModelProvider>;

/** The client of the upstreams is a tenth of a start: it is loaded for whoever has one. */
const MAKERS: Readonly<Record<Config['MODEL_PROVIDERS'][number], Maker>> = {
  embedded: () => new EmbeddedProvider(),
  openai: async (config, clock, log) => {
    const { OpenAiProvider } = await import('./adapters/openai/openai-provider.js');
    return new OpenAiProvider(openAiSettings(config), clock, log);
  },
  anthropic: async (config, clock, log) => {
    const { AnthropicProvider } = await import('./adapters/anthropic/anthropic-provider.js');
    return new AnthropicProvider(anthropicSettings(config), clock, log);
  },
};

type ModelsPartList = [Config, Clock, Degradation, Log, ModelTraffic];

@Module({
  imports: [StorageModule],
  providers: [
    {
      provide: PromptCache,
      inject: [CONFIG, Hot, Clock],
      useFactory: (config: Config, hot: Hot, clock: Clock) =>
        new PromptCache({ hot, clock, counts: new CacheCounts(), terms: cacheTerms(config) }),
    },
    {
      provide: ModelTraffic,
      inject: [CONFIG, PromptCache],
      useFactory: (config: Config, cache: PromptCache) =>
        new ModelTraffic(new TrafficRedaction(readRedactionPolicies(config)), cache),
    },
    {
      provide: Models,
      inject: [CONFIG, Clock, Degradation, Log, ModelTraffic],
      useFactory: async (...[config, clock, degradation, log, traffic]: ModelsPartList): Promise<Models> => {
        const names = [...new Set(config.MODEL_PROVIDERS)];
        const providers = await Promise.all(names.map((name) => MAKERS[name](config, clock, log)));
        const table = readRouteTable(config, Object.keys(MAKERS));
        return new Models(providers, clock, degradation, log, { table, traffic });
      },
    },
  ],
  exports: [Models, PromptCache],
})
export class ModelsModule {}
