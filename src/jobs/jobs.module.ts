import { Module } from '@nestjs/common';
import { StorageModule } from '#src/storage/index.js';
import { JobRounds } from './job-rounds.service.js';
import { JobRows } from './job-rows.service.js';
import { Jobs } from './jobs.service.js';

@Module({
  imports: [StorageModule],
  providers: [JobRows, Jobs, JobRounds],
  exports: [Jobs],
})
export class JobsModule {}
