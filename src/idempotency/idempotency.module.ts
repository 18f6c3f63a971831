import { type DynamicModule, Module, type OnModuleInit, type Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Clock } from '#src/kernel/index.js';
import { Hot, Sql, StorageModule } from '#src/storage/index.js';
import { HotRecords } from './adapters/hot-records.js';
import { SqlRecords } from './adapters/sql-records.js';
import { AnswerRecorder } from './answer-recorder.js';
import { Claims } from './claims.service.js';
import { Executions } from './executions.service.js';
import { FirstAttempts } from './first-attempts.js';
import { IdempotencyGuard } from './idempotency.guard.js';
import { RecordSweeper } from './record-sweeper.js';
import { KeyRecords, RetryRecords } from './records.port.js';
import { Repeats } from './repeats.service.js';
import { ReplayFilter } from './replay.filter.js';
import { StreamSource } from './stream-source.port.js';

@Module({})
export class IdempotencyModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly recorder: AnswerRecorder,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance<FastifyInstance>().addHook('onSend', this.recorder.beforeSending);
  }

  /** @param streams where answers that are streams are read again: a provider, and the module that exports it */
  static for(streams: { readonly module: Type; readonly source: Type<StreamSource> }): DynamicModule {
    return {
      module: IdempotencyModule,
      imports: [StorageModule, streams.module],
      providers: [
        {
          provide: KeyRecords,
          inject: [Sql, Clock],
          useFactory: (sql: Sql, clock: Clock) => new SqlRecords(sql, clock),
        },
        { provide: RetryRecords, inject: [Hot], useFactory: (hot: Hot) => new HotRecords(hot) },
        { provide: StreamSource, useExisting: streams.source },
        ...[Executions, Claims, Repeats, FirstAttempts, RecordSweeper],
        ...[IdempotencyGuard, ReplayFilter, AnswerRecorder],
      ],
      exports: [IdempotencyGuard, ReplayFilter, AnswerRecorder],
    };
  }
}
