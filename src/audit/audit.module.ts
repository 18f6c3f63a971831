import { Module } from '@nestjs/common';
import { StorageModule } from '#src/storage/index.js';
import { SigningKeys } from './signing-keys.service.js';

@Module({
  imports: [StorageModule],
  providers: [SigningKeys],
  exports: [SigningKeys],
})
export class AuditModule {}
