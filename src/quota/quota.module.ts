import { Module } from '@nestjs/common';
import { getOptionsToken, getStorageToken } from '@nestjs/throttler';
import { Clock, CONFIG, type Config, Ids, Log } from '#src/kernel/index.js';
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
import { PastUsage } from './tokens/past-usage.service.js';
import { Settlements } from './tokens/settlements.service.js';
import { TokenAccounts } from './tokens/token-accounts.service.js';
import { TokenLedger } from './tokens/token-ledger.service.js';
import { UsageRecords } from './tokens/usage-records.service.js';

type LedgerPartList = [TokenAccounts, Settlements, QuotaCounts, Plans, Ids, Clock, Config];

@Module({
  imports: [StorageModule],
  controllers: [LimitsController],
  providers: [
    { provide: Plans, inject: [CONFIG], useFactory: readPlans },
    {
      provide: Quota,
      inject: [Hot, LocalHot, Plans, Instances, PastUsage, Log],
      useFactory: (hot: Hot, local: LocalHot, plans: Plans, instances: Instances, past: PastUsage, log: Log) =>
        new Quota({ hot, local, plans, instances, past, log }),
    },
    {
      provide: TokenLedger,
      inject: [TokenAccounts, Settlements, QuotaCounts, Plans, Ids, Clock, CONFIG],
      useFactory: (...[accounts, settlements, counts, plans, ids, clock, config]: LedgerPartList) =>
        new TokenLedger({ accounts, settlements, counts, plans, ids, clock, config }),
    },
    {
      provide: QuotaGuard,
      inject: [Quota, QuotaCounts, CONFIG],
      useFactory: (quota: Quota, counts: QuotaCounts, config: Config) =>
        new QuotaGuard(quota, counts, config.QUOTA_MODE),
    },
    { provide: getOptionsToken(), inject: [CONFIG], useFactory: floodOptions },
    {
      provide: getStorageToken(),
      inject: [LocalHot, CONFIG],
      useFactory: (hot: LocalHot, { FLOOD_LIMIT_RPM }: Config) => new FloodStorage(hot, FLOOD_LIMIT_RPM),
    },
    ...[FloodGuard, Instances, LimitsService, QuotaCounts],
    ...[PastUsage, UsageRecords, TokenAccounts, Settlements],
  ],
  exports: [QuotaGuard, FloodGuard, QuotaCounts, TokenLedger],
})
export class QuotaModule {}
