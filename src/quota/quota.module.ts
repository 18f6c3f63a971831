import { Module } from '@nestjs/common';
import { getOptionsToken, getStorageToken } from '@nestjs/throttler';
import { CONFIG, type Config, Log } from '#src/kernel/index.js';
import { Hot, LocalHot, StorageModule } from '#src/storage/index.js';
import { readPlans } from './adapters/plans-file.js';
import { FloodGuard, floodOptions } from './flood.guard.js';
import { FloodStorage } from './flood-storage.js';
import { Instances } from './instances.service.js';
import { LimitsController } from './limits.controller.js';
import { LimitsService } from './limits.service.js';
import { Plans } from './plans.js';
import { QuotaGuard } from './quota.guard.js';
import { Quota } from './quota.service.js';
import { QuotaCounts } from './quota-counts.js';

@Module({
  imports: [StorageModule],
  controllers: [LimitsController],
  providers: [
    { provide: Plans, inject: [CONFIG], useFactory: readPlans },
    {
      provide: Quota,
      inject: [Hot, LocalHot, Plans, Instances, Log],
      useFactory: (hot: Hot, local: LocalHot, plans: Plans, instances: Instances, log: Log) =>
        new Quota({ hot, local, plans, instances, log }),
    },
    {
      provide: QuotaGuard,
      inject: [Quota, QuotaCounts, CONFIG],
      useFactory: (quota: Quota, counts: QuotaCounts, config: Config) =>
        new QuotaGuard(quota, counts, config.QUOTA_MODE),
    },
    { provide: getOptionsToken(), inject: [CONFIG], useFactory: floodOptions },
    { provide: getStorageToken(), inject: [LocalHot], useFactory: (hot: LocalHot) => new FloodStorage(hot) },
    ...[FloodGuard, Instances, LimitsService, QuotaCounts],
  ],
  exports: [QuotaGuard, FloodGuard, QuotaCounts],
})
export class QuotaModule {}
