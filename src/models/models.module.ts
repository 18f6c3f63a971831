import { Module } from '@nestjs/common';
import { Clock, CONFIG, type Config, Degradation, Log } from '#src/kernel/index.js';
import { Hot, StorageModule } from '#src/storage/index.js';
import { AnthropicProvider } from './adapters/anthropic/anthropic-provider.js';
import { anthropicSettings } from './adapters/anthropic/anthropic-settings.js';
import { EmbeddedProvider } from './adapters/embedded/embedded-provider.js';
import { readRouteTable } from './adapters/models-file.js';
import { OpenAiProvider } from './adapters/openai/openai-provider.js';
import { openAiSettings } from './adapters/openai/openai-settings.js';
import { readRedactionPolicies } from './adapters/redaction-file.js';
import { CacheCounts } from './cache/cache-counts.js';
import { cacheTerms } from './cache/cache-terms.js';
import { PromptCache } from './cache/prompt-cache.js';
import { ModelTraffic } from './model-traffic.js';
import { Models } from './models.service.js';
import type { ModelProvider } from './provider.port.js';
import { TrafficRedaction } from './redaction/traffic-redaction.js';

type Maker = (config: Config, clock: Clock, log: Log) => ModelProvider;

const MAKERS: Readonly<Record<Config['MODEL_PROVIDERS'][number], Maker>> = {
  embedded: () => new EmbeddedProvider(),
  openai: (config, clock, log) => new OpenAiProvider(openAiSettings(config), clock, log),
  anthropic: (config, clock, log) => new AnthropicProvider(anthropicSettings(config), clock, log),
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
      useFactory: (...[config, clock, degradation, log, traffic]: ModelsPartList): Models => {
        const names = [...new Set(config.MODEL_PROVIDERS)];
        const providers = names.map((name) => MAKERS[name](config, clock, log));
        const table = readRouteTable(config, Object.keys(MAKERS));
        return new Models(providers, clock, degradation, log, { table, traffic });
      },
    },
  ],
  exports: [Models, PromptCache],
})
export class ModelsModule {}
