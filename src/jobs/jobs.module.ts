import { Module } from '@nestjs/common';
import { StorageModule } from '#src/storage/index.js';
import { JobRows } from './job-rows.service.js';
import { Jobs } from './jobs.service.js';

@Module({
  imports: [StorageModule],
  providers: [JobRows, Jobs],
  exports: [Jobs],
})
export class JobsModule {}
