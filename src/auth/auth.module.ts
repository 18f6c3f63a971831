import { Module } from '@nestjs/common';
import { Clock, CONFIG, type Config } from '#src/kernel/index.js';
import { AccessGuard } from './access.guard.js';
import { AccessRules } from './access-rules.js';
import { ApiKeyAuthenticator } from './adapters/api-key.authenticator.js';
import { JwtAuthenticator } from './adapters/jwt.authenticator.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { Authentication } from './authentication.service.js';
import type { Authenticator } from './authenticator.port.js';
import { BootstrapKeys } from './bootstrap-keys.js';
import { TrustedIssuers } from './jwt/trusted-issuers.js';
import { TrustedIssuersModule } from './jwt/trusted-issuers.module.js';
import { KeyStore } from './key.store.js';
import { KeyStoreModule } from './key-store.module.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { ResourceMetadataController } from './resource-metadata.controller.js';
import { Roles } from './roles.js';
import { SIGNATURE_AUTHENTICATORS } from './signing/signature-authenticators.js';
import { SigningModule } from './signing/signing.module.js';
import { UnclaimedBodies } from './unclaimed-bodies.js';
import { VerifiedCredentials } from './verified-credentials.js';

@Module({
  imports: [KeyStoreModule, SigningModule, TrustedIssuersModule],
  controllers: [KeysController, ResourceMetadataController],
  providers: [
    KeysService,
    {
      provide: BootstrapKeys,
      inject: [CONFIG, Roles],
      useFactory: (config: Config, roles: Roles) => new BootstrapKeys(config.ASSIST_API_KEYS, roles),
    },
    {
      provide: ApiKeyAuthenticator,
      inject: [BootstrapKeys, KeyStore, VerifiedCredentials, Roles, Clock],
      useFactory: (
        bootstrap: BootstrapKeys,
        store: KeyStore,
        verified: VerifiedCredentials,
        roles: Roles,
        clock: Clock,
      ) => new ApiKeyAuthenticator({ bootstrap, store, verified, roles, clock }),
    },
    {
      provide: JwtAuthenticator,
      inject: [TrustedIssuers, Roles, Clock],
      useFactory: (issuers: TrustedIssuers, roles: Roles, clock: Clock) =>
        // A token says itself how long it is valid, and its key how long that can be believed.
        new JwtAuthenticator({
          issuers,
          verified: new VerifiedCredentials(clock, Number.POSITIVE_INFINITY),
          roles,
          clock,
        }),
    },
    {
      provide: Authentication,
      inject: [CONFIG, SIGNATURE_AUTHENTICATORS, ApiKeyAuthenticator, JwtAuthenticator],
      useFactory: (config: Config, signatures: readonly Authenticator[], ...bearers: readonly Authenticator[]) =>
        new Authentication([...signatures, ...bearers], config.HTTP_HEADER_PREFIXES),
    },
    ...[AccessRules, AuthenticationGuard, AccessGuard, UnclaimedBodies],
  ],
  exports: [AuthenticationGuard, AccessGuard, TrustedIssuersModule],
})
export class AuthModule {}
