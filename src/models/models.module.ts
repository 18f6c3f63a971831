import { Module } from '@nestjs/common';
import { Clock, CONFIG, type Config, Degradation, Log } from '#src/kernel/index.js';
import { Hot, StorageModule } from '#src/storage/index.js';
import { configuredProviders } from './adapters/configured-providers.js';
import { readModelsFile } from './adapters/models-file.js';
import { readRedactionPolicies } from './adapters/redaction-file.js';
import { CacheCounts } from './cache/cache-counts.js';
import { cacheTerms } from './cache/cache-terms.js';
import { PromptCache } from './cache/prompt-cache.js';
import { ModelTraffic } from './model-traffic.js';
import { Models } from './models.service.js';
import { TrafficRedaction } from './redaction/traffic-redaction.js';
import { RouteTable } from './route-table.js';

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
        const file = readModelsFile(config);
        const providers = await configuredProviders(config, file, clock, log);
        return new Models(providers, clock, degradation, log, { table: new RouteTable(file), traffic });
      },
    },
  ],
  exports: [Models, PromptCache],
})
export class ModelsModule {}
