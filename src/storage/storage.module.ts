import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, CONFIG, type Config, Degradation, Log } from '#src/kernel/index.js';
import type { GateParts } from './dependency-gate.js';
import { Hot, LocalHot } from './hot.port.js';
import { Sql } from './sql.port.js';

const LOCAL_LIMITS = { valueBytes: 64 * 1_048_576, logBytes: 256 * 1_048_576 } as const;

@Module({
  providers: [
    { provide: LocalHot, inject: [Clock, Log], useFactory: openLocalHot },
    { provide: Hot, inject: [CONFIG, LocalHot, Degradation, Clock, Log], useFactory: openHot },
    { provide: Sql, inject: [CONFIG, Degradation, Clock, Log], useFactory: openSql },
  ],
  exports: [Sql, Hot, LocalHot],
})
export class StorageModule implements OnApplicationShutdown {
  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Hot) private readonly hot: Hot,
    @Inject(LocalHot) private readonly localHot: LocalHot,
  ) {}

  /** Everything else has stopped by now. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.hot.close(), this.localHot.close(), this.sql.close()]);
  }
}

// The adapters are loaded when they are chosen: the embedded engine alone takes more memory than all the rest.

export async function openLocalHot(clock: Clock, log: Log): Promise<LocalHot> {
  const { MemoryHot } = await import('./adapters/memory-hot.js');
  return new MemoryHot(clock, log, LOCAL_LIMITS);
}

async function openHot(config: Config, local: LocalHot, ...parts: PartList): Promise<Hot> {
  if (config.REDIS_URL === undefined) return local;
  const { RedisHot } = await import('./adapters/redis-hot.js');
  const redis = new RedisHot(config.REDIS_URL.reveal(), config, partsOf(parts));
  await redis.start();
  return redis;
}

async function openSql(config: Config, ...parts: PartList): Promise<Sql> {
  if (config.DATABASE_URL === undefined) {
    const { PgliteSql } = await import('./adapters/pglite-sql.js');
    return PgliteSql.open(config.DATA_DIR, config.DATABASE_TIMEOUT, partsOf(parts));
  }
  const { startPostgres } = await import('./adapters/postgres-start.js');
  return startPostgres(config.DATABASE_URL.reveal(), config, partsOf(parts));
}

type PartList = readonly [degradation: Degradation, clock: Clock, log: Log];

const partsOf = ([degradation, clock, log]: PartList): GateParts => ({ degradation, clock, log });
