import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import { Clock, CONFIG, type Config, Ids } from '#src/kernel/index.js';
import { StorageModule } from '#src/storage/index.js';
import { AccessGuard } from './access.guard.js';
import { ApiKeyAuthenticator } from './adapters/api-key.authenticator.js';
import { readRoles } from './adapters/roles-file.js';
import { Authentication } from './authentication.service.js';
import { BootstrapKeys } from './bootstrap-keys.js';
import { KeyStore } from './key.store.js';
import { KeyMint } from './key-mint.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { ResourceMetadataController } from './resource-metadata.controller.js';
import { Roles } from './roles.js';
import { VerifiedKeys } from './verified-keys.js';

@Module({
  imports: [StorageModule],
  controllers: [KeysController, ResourceMetadataController],
  providers: [
    { provide: Roles, useFactory: readRoles },
    { provide: VerifiedKeys, inject: [Clock], useFactory: (clock: Clock) => new VerifiedKeys(clock) },
    { provide: KeyMint, inject: [Ids], useFactory: (ids: Ids) => new KeyMint(ids, randomBytes) },
    KeyStore,
    KeysService,
    {
      provide: BootstrapKeys,
      inject: [CONFIG, Roles],
      useFactory: (config: Config, roles: Roles) => new BootstrapKeys(config.ASSIST_API_KEYS, roles),
    },
    {
      provide: ApiKeyAuthenticator,
      inject: [BootstrapKeys, KeyStore, VerifiedKeys, Roles, Clock],
      useFactory: (bootstrap: BootstrapKeys, store: KeyStore, verified: VerifiedKeys, roles: Roles, clock: Clock) =>
        new ApiKeyAuthenticator({ bootstrap, store, verified, roles, clock }),
    },
    {
      provide: Authentication,
      inject: [CONFIG, ApiKeyAuthenticator],
      useFactory: (config: Config, apiKeys: ApiKeyAuthenticator) =>
        new Authentication([apiKeys], config.HTTP_HEADER_PREFIXES),
    },
    AccessGuard,
  ],
  exports: [AccessGuard],
})
export class AuthModule {}
