import { Module } from '@nestjs/common';
import { Clock, CONFIG, type Config } from '#src/kernel/index.js';
import { Hot, LocalHot, Sql, StorageModule } from '#src/storage/index.js';
import { HmacAuthenticator } from '../adapters/hmac.authenticator.js';
import { LegacyHmacAuthenticator } from '../adapters/legacy-hmac.authenticator.js';
import { MessageSignatureAuthenticator } from '../adapters/message-signature.authenticator.js';
import type { Authenticator } from '../authenticator.port.js';
import { KeyStoreModule } from '../key-store.module.js';
import { EarlyNonces } from './early-nonces.js';
import { Nonces, nonceLifeMs } from './nonces.js';
import { SIGNATURE_AUTHENTICATORS } from './signature-authenticators.js';
import { Signers } from './signers.service.js';

@Module({
  imports: [StorageModule, KeyStoreModule],
  providers: [
    {
      provide: EarlyNonces,
      inject: [Sql, Clock, CONFIG],
      useFactory: (sql: Sql, clock: Clock, { HMAC_MAX_SKEW_MS }: Config) =>
        new EarlyNonces(sql, clock, nonceLifeMs(HMAC_MAX_SKEW_MS)),
    },
    { provide: Nonces, inject: [CONFIG, Hot, LocalHot, EarlyNonces, Clock], useFactory: openNonces },
    { provide: SIGNATURE_AUTHENTICATORS, inject: [CONFIG, Signers, Nonces, Clock], useFactory: authenticators },
  ],
  exports: [SIGNATURE_AUTHENTICATORS],
})
export class SigningModule {}

function openNonces(config: Config, hot: Hot, local: LocalHot, early: EarlyNonces, clock: Clock): Nonces {
  const { HMAC_NONCE_FAIL_MODE: failMode, HMAC_MAX_SKEW_MS: maxSkewMs } = config;
  return new Nonces({ hot, local, early, clock, failMode }, maxSkewMs);
}

function authenticators(config: Config, signers: Signers, nonces: Nonces, clock: Clock): readonly Authenticator[] {
  const parts = { signers, nonces, clock, maxSkewMs: config.HMAC_MAX_SKEW_MS };
  const legacy = config.HMAC_ALLOW_LEGACY ? [new LegacyHmacAuthenticator(parts)] : [];
  return [new HmacAuthenticator(parts), new MessageSignatureAuthenticator(parts), ...legacy];
}
