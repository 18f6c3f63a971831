import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, CONFIG, type Config, Degradation, Log } from '#src/kernel/index.js';
import { HttpKeySource } from '../adapters/http-key-source.js';
import { KeySource } from './key-source.port.js';
import { TrustedIssuers } from './trusted-issuers.js';

@Module({
  providers: [
    { provide: KeySource, inject: [Clock], useFactory: (clock: Clock) => new HttpKeySource(clock) },
    {
      provide: TrustedIssuers,
      inject: [CONFIG, KeySource, Clock, Degradation, Log],
      useFactory: (config: Config, source: KeySource, clock: Clock, degradation: Degradation, log: Log) =>
        new TrustedIssuers(config, { source, clock, degradation, log }),
    },
  ],
  exports: [TrustedIssuers],
})
export class TrustedIssuersModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly issuers: TrustedIssuers) {}

  /** Nobody waits: the service serves other credentials while an issuer is away. */
  onApplicationBootstrap(): void {
    void this.issuers.start();
  }

  onApplicationShutdown(): void {
    this.issuers.close();
  }
}
