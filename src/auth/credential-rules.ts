import { rule } from '#src/kernel/index.js';
import { bootstrapKeyFaults } from './bootstrap-keys.js';
import { publicKeyFaults, sharedRoleFaults, sharedSecretFaults } from './signing/configured-signers.js';

/** What must hold of the credentials that the environment names, besides how they are written. */
export const credentialRules = [
  rule(['ASSIST_API_KEYS'], ({ ASSIST_API_KEYS }) => bootstrapKeyFaults(ASSIST_API_KEYS)),
  rule(['HMAC_SECRET', 'HMAC_SECRET_PREVIOUS'], sharedSecretFaults),
  rule(['HMAC_ROLES'], sharedRoleFaults),
  rule(['ED25519_KEYS'], publicKeyFaults),
];
