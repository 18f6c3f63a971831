import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '#src/kernel/index.js';
import { Roles } from '../roles.js';
import { ConfiguredSigners, DEFAULT_KEY_ID } from './configured-signers.js';

const SECRET = 'k7Jq2mZr9Xw4Tn6Vb8Lc3Hd5Fg1Sy0Pa';
const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
const roles = new Roles({ user: ['a:b'], reviewer: ['a:b'], approver: ['a:b'], auditor: ['a:b'], admin: ['c:d'] });

const signers = (variables: Readonly<Record<string, string>>): ConfiguredSigners =>
  new ConfiguredSigners(
    loadConfig(variables, () => undefined),
    roles,
  );

describe('the signers of the environment', () => {
  it('are none when nothing is configured', () => {
    expect(signers({}).find(DEFAULT_KEY_ID)).toBeUndefined();
  });

  it('sign as role user of tenant default unless told otherwise', () => {
    expect(signers({ HMAC_SECRET: SECRET }).find(DEFAULT_KEY_ID)).toMatchObject({
      id: DEFAULT_KEY_ID,
      tenantId: 'default',
      roles: ['user'],
      scopes: new Set(['a:b']),
      key: { algorithm: 'hmac-sha256', secrets: [expect.anything()] },
    });
  });

  it('hold two secrets during a rotation', () => {
    const known = signers({ HMAC_SECRET: SECRET, HMAC_SECRET_PREVIOUS: `${SECRET}0`, HMAC_ROLES: 'user, admin' });
    expect(known.find(DEFAULT_KEY_ID)).toMatchObject({
      roles: ['user', 'admin'],
      key: { secrets: [expect.anything(), expect.anything()] },
    });
  });

  it('have public keys under names of their own', () => {
    expect(signers({ ED25519_KEYS: `partner=${x}@acme:auditor+user` }).find('partner')).toMatchObject({
      id: 'partner',
      tenantId: 'acme',
      roles: ['auditor', 'user'],
      key: { algorithm: 'ed25519' },
    });
  });

  it.each([
    ['an unknown role', { HMAC_SECRET: SECRET, HMAC_ROLES: 'user,emperor' }, 'HMAC_ROLES (unknown role)'],
    ['a former secret alone', { HMAC_SECRET_PREVIOUS: SECRET }, 'HMAC_SECRET_PREVIOUS (without HMAC_SECRET)'],
    ['a name twice', { ED25519_KEYS: `a=${x},a=${x}` }, 'ED25519_KEYS (id listed twice)'],
    ['the name of the shared key', { ED25519_KEYS: `${DEFAULT_KEY_ID}=${x}` }, 'ED25519_KEYS (id listed twice)'],
    ['an unknown role of a public key', { ED25519_KEYS: `a=${x}@acme:emperor` }, 'ED25519_KEYS (unknown role)'],
    ['what is no key', { ED25519_KEYS: 'a=short' }, 'ED25519_KEYS (invalid_format)'],
  ])('refuse the start for %s, without showing it', (_title, variables, fault) => {
    expect(() => signers(variables)).toThrow(`Invalid environment: ${fault}`);
  });
});
