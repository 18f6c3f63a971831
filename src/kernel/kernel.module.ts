import { type DynamicModule, Global, Module } from '@nestjs/common';
import { BUILD, type Build } from './build.js';
import { Clock } from './clock.js';
import type { Config } from './config/load-config.js';
import { Degradation } from './degradation.js';
import { Drain } from './drain.js';
import { Ids, UuidIds } from './ids.js';
import { Log } from './log.js';
import { CONFIG } from './tokens.js';

/** What exists once in a process, before any feature. */
export interface KernelParts {
  readonly config: Config;
  readonly log: Log;
  readonly build: Build;
  readonly clock: Clock;
  readonly drain: Drain;
  readonly degradation: Degradation;
}

@Global()
@Module({})
export class KernelModule {
  static for({ config, log, build, clock, drain, degradation }: KernelParts): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: BUILD, useValue: build },
      { provide: Log, useValue: log },
      { provide: Clock, useValue: clock },
      { provide: Ids, useValue: new UuidIds(clock) },
      { provide: Drain, useValue: drain },
      { provide: Degradation, useValue: degradation },
    ];
    return { module: KernelModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
