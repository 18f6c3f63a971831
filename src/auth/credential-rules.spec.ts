import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '#src/kernel/index.js';
import { credentialRules } from './credential-rules.js';

const SECRET = 'k7Jq2mZr9Xw4Tn6Vb8Lc3Hd5Fg1Sy0Pa';
const load = (env: Record<string, string>) => () => loadConfig(env, () => undefined, credentialRules);

describe('credentials of the environment', () => {
  it('are all refused at once, with whatever else is wrong', () => {
    const env = {
      PORT: 'abc',
      ASSIST_API_KEYS: `${SECRET}@x:wizard,${SECRET}`,
      HMAC_ROLES: 'foo',
      HMAC_SECRET_PREVIOUS: SECRET,
      ED25519_KEYS: `key_default=${'A'.repeat(43)}@x:wizard`,
    };
    expect(load(env)).toThrow(
      new ConfigError([
        'PORT (invalid_type)',
        'ASSIST_API_KEYS (unknown role)',
        'ASSIST_API_KEYS (secret listed twice)',
        'HMAC_SECRET_PREVIOUS (without HMAC_SECRET)',
        'HMAC_ROLES (unknown role)',
        'ED25519_KEYS (id listed twice)',
        'ED25519_KEYS (unknown role)',
      ]),
    );
  });

  it('are named once when they are malformed', () => {
    expect(load({ HMAC_SECRET: 'short', HMAC_SECRET_PREVIOUS: SECRET })).toThrow(
      new ConfigError(['HMAC_SECRET (too_small)']),
    );
  });
});
