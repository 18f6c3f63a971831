import { Module } from '@nestjs/common';
import { Clock, CONFIG, type Config, Degradation, Log } from '#src/kernel/index.js';
import { AnthropicProvider } from './adapters/anthropic/anthropic-provider.js';
import { anthropicSettings } from './adapters/anthropic/anthropic-settings.js';
import { EmbeddedProvider } from './adapters/embedded/embedded-provider.js';
import { OpenAiProvider } from './adapters/openai/openai-provider.js';
import { openAiSettings } from './adapters/openai/openai-settings.js';
import { Models } from './models.service.js';
import type { ModelProvider } from './provider.port.js';

type Maker = (config: Config, clock: Clock, log: Log) => ModelProvider;

const MAKERS: Readonly<Record<Config['MODEL_PROVIDERS'][number], Maker>> = {
  embedded: () => new EmbeddedProvider(),
  openai: (config, clock, log) => new OpenAiProvider(openAiSettings(config), clock, log),
  anthropic: (config, clock, log) => new AnthropicProvider(anthropicSettings(config), clock, log),
};

@Module({
  providers: [
    {
      provide: Models,
      inject: [CONFIG, Clock, Degradation, Log],
      useFactory: (config: Config, clock: Clock, degradation: Degradation, log: Log): Models => {
        const names = [...new Set(config.MODEL_PROVIDERS)];
        const providers = names.map((name) => MAKERS[name](config, clock, log));
        return new Models(providers, clock, degradation, log);
      },
    },
  ],
  exports: [Models],
})
export class ModelsModule {}
