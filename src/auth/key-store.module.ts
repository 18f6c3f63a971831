import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import { Clock, CONFIG, type Config, Ids } from '#src/kernel/index.js';
import { StorageModule } from '#src/storage/index.js';
import { readRoles } from './adapters/roles-file.js';
import { KeyStore } from './key.store.js';
import { KeyMint } from './key-mint.js';
import { Roles } from './roles.js';
import { ConfiguredSigners } from './signing/configured-signers.js';
import { SecretSeal } from './signing/secret-seal.js';
import { VerifiedSigners } from './signing/signer.js';
import { Signers } from './signing/signers.service.js';
import { VerifiedCredentials } from './verified-credentials.js';

/** The longest time another process goes on believing a key that was revoked here. */
const KEY_MAX_AGE_MS = 1_000;

const sealOf = ({ HMAC_SEALING_KEY }: Config): SecretSeal | undefined =>
  HMAC_SEALING_KEY === undefined ? undefined : new SecretSeal(HMAC_SEALING_KEY, randomBytes);

@Module({
  imports: [StorageModule],
  providers: [
    { provide: Roles, useFactory: readRoles },
    {
      provide: VerifiedCredentials,
      inject: [Clock],
      useFactory: (clock: Clock) => new VerifiedCredentials(clock, KEY_MAX_AGE_MS),
    },
    {
      provide: VerifiedSigners,
      inject: [Clock],
      useFactory: (clock: Clock) => new VerifiedSigners(clock, KEY_MAX_AGE_MS),
    },
    {
      provide: KeyMint,
      inject: [Ids, CONFIG],
      useFactory: (ids: Ids, config: Config) => new KeyMint(ids, randomBytes, sealOf(config)),
    },
    KeyStore,
    {
      provide: Signers,
      inject: [CONFIG, KeyStore, VerifiedSigners, Roles, Clock],
      useFactory: (config: Config, store: KeyStore, verified: VerifiedSigners, roles: Roles, clock: Clock) =>
        new Signers({
          configured: new ConfiguredSigners(config, roles),
          store,
          verified,
          seal: sealOf(config),
          roles,
          clock,
        }),
    },
  ],
  exports: [Roles, VerifiedCredentials, KeyMint, KeyStore, Signers],
})
export class KeyStoreModule {}
