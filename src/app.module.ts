import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AssistModule } from './assist/index.js';
import { AuditModule } from './audit/index.js';
import { AccessGuard, AuthenticationGuard, AuthModule } from './auth/index.js';
import { EvidenceModule } from './evidence/index.js';
import { HealthModule } from './health/index.js';
import { ProblemFilter, ValidationPipe } from './http/edge/index.js';
import { IdempotencyGuard, IdempotencyModule, ReplayFilter } from './idempotency/index.js';
import { KernelModule, type KernelParts } from './kernel/index.js';
import { MetricsModule } from './metrics/index.js';
import { ModelsModule } from './models/index.js';
import { OpenAiModule } from './openai/index.js';
import { QuotaGuard, QuotaModule } from './quota/index.js';
import { StorageModule } from './storage/index.js';
import { StreamingModule, Streams } from './streaming/index.js';

/** What every request passes inside the framework, in this order. */
const EDGE: Provider[] = [
  { provide: APP_GUARD, useExisting: AuthenticationGuard },
  { provide: APP_GUARD, useExisting: QuotaGuard },
  { provide: APP_GUARD, useExisting: AccessGuard },
  { provide: APP_GUARD, useExisting: IdempotencyGuard },
  { provide: APP_PIPE, useClass: ValidationPipe },
  { provide: APP_FILTER, useExisting: ProblemFilter },
  { provide: APP_FILTER, useExisting: ReplayFilter },
];

@Module({})
export class AppModule {
  static for(parts: KernelParts, problems: ProblemFilter, more: readonly Type[]): DynamicModule {
    return {
      module: AppModule,
      imports: [
        KernelModule.for(parts),
        StorageModule,
        AuditModule,
        AuthModule,
        QuotaModule,
        ModelsModule,
        StreamingModule,
        IdempotencyModule.for({ module: StreamingModule, source: Streams }),
        EvidenceModule,
        AssistModule,
        OpenAiModule,
        MetricsModule,
        HealthModule,
        ...more,
      ],
      providers: [{ provide: ProblemFilter, useValue: problems }, ...EDGE],
    };
  }
}
