import { Module } from '@nestjs/common';
import { AuditModule } from '#src/audit/index.js';
import { AuthModule } from '#src/auth/index.js';
import { StorageModule } from '#src/storage/index.js';
import { Attendance } from './attendance.service.js';
import { Orphans } from './orphans.service.js';
import { Presence } from './presence.service.js';
import { Receipts } from './receipts.service.js';
import { ResumeTokens } from './resume-tokens.service.js';
import { RunRecord } from './run-record.service.js';
import { RunSweeper } from './run-sweeper.service.js';
import { Runs } from './runs.service.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { StreamArchive } from './stream-archive.service.js';
import { StreamCancels } from './stream-cancels.service.js';
import { StreamEnds } from './stream-ends.service.js';
import { StreamHandover } from './stream-handover.service.js';
import { StreamHub } from './stream-hub.service.js';
import { StreamOpener } from './stream-opener.service.js';
import { StreamReaders } from './stream-readers.service.js';
import { StreamRunner } from './stream-runner.service.js';
import { StreamStore } from './stream-store.service.js';
import { StreamsController } from './streams.controller.js';
import { Streams } from './streams.service.js';

@Module({
  imports: [StorageModule, AuditModule, AuthModule],
  controllers: [StreamsController, SigningKeysController],
  providers: [
    ...[Streams, StreamOpener, StreamReaders, StreamCancels, Attendance],
    ...[StreamRunner, StreamHub, StreamStore, ResumeTokens],
    ...[StreamEnds, StreamArchive, Receipts, Runs, RunRecord],
    ...[Orphans, Presence, RunSweeper, StreamHandover],
  ],
  exports: [Streams, Runs, RunRecord],
})
export class StreamingModule {}
