import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './config-error.js';
import { loadConfig } from './load-config.js';

/** A certificate of `localhost` that signed itself, and its key: of no use outside this file. */
const CERT = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUGFN3PlipPK6zOD/j8Jeo2PrhKDgwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA2MzMzMloYDzIxMjYxMDI5
MDYzMzMyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASw/Bj/Ji1pKVcE8+M3zX7A9uChOEyhWcQ9UwpAG+gVUaXZP3tyXF9A
3ot7DB9lQ7D+c404mgTGubzDvC79MGpUo1MwUTAdBgNVHQ4EFgQU8bl9pz8GWBOC
HmzvJT4gj7n8siwwHwYDVR0jBBgwFoAU8bl9pz8GWBOCHmzvJT4gj7n8siwwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAg8TDupjDWz/rJympBMu4
ZKrq551AWNRhvy7ne0I4anECICAC1n7xsZrlUd6FCONbO76veyXUVSoIn/GjbScy
sdjl
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKNhvUOxEKvUNIie8
cteg+jlVI4MLBfDoXizOka8aSAKhRANCAASw/Bj/Ji1pKVcE8+M3zX7A9uChOEyh
WcQ9UwpAG+gVUaXZP3tyXF9A3ot7DB9lQ7D+c404mgTGubzDvC79MGpU
-----END PRIVATE KEY-----
`;
const OTHER = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = { type: 'pkcs8', format: 'pem' } as const;
const FILES: Readonly<Record<string, string>> = {
  '/cert.pem': CERT,
  '/key.pem': KEY,
  '/broken-chain.pem': `${CERT}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
  '/other.pem': OTHER.export(pem).toString(),
  '/locked.pem': OTHER.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'planted' }).toString(),
};
const PAIR = { TLS_CERT: '/cert.pem', TLS_KEY: '/key.pem' };

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env, (path) => FILES[path]);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('the files of TLS', () => {
  it('are a certificate and its key', () => {
    expect(faultsOf(PAIR)).toEqual([]);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['a certificate alone', { TLS_CERT: '/cert.pem' }, ['TLS_CERT, TLS_KEY (both or none)']],
    ['a key alone', { TLS_KEY: '/key.pem' }, ['TLS_CERT, TLS_KEY (both or none)']],
    [
      'files that are not there',
      { TLS_CERT: '/nope', TLS_KEY: '/nope' },
      ['TLS_CERT (unreadable)', 'TLS_KEY (unreadable)'],
    ],
    [
      'the two mixed up',
      { TLS_CERT: '/key.pem', TLS_KEY: '/cert.pem' },
      ['TLS_CERT (not a PEM certificate chain)', 'TLS_KEY (not a private key in PEM without passphrase)'],
    ],
    ['a chain that breaks off', { ...PAIR, TLS_CERT: '/broken-chain.pem' }, ['TLS_CERT (not a PEM certificate chain)']],
    [
      'a key behind a passphrase',
      { ...PAIR, TLS_KEY: '/locked.pem' },
      ['TLS_KEY (not a private key in PEM without passphrase)'],
    ],
    ["another certificate's key", { ...PAIR, TLS_KEY: '/other.pem' }, ['TLS_CERT, TLS_KEY (do not belong together)']],
  ])('are refused: %s', (_title, env, faults) => {
    expect(faultsOf(env)).toEqual(faults);
  });
});

describe('the files that the URL of PostgreSQL names', () => {
  it('can be read', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://h/db?sslmode=verify-full&sslrootcert=/cert.pem' })).toEqual([]);
    expect(faultsOf({ DATABASE_URL: 'postgres://h/db?sslrootcert=/nope&sslcert=/cert.pem&sslkey=/no' })).toEqual([
      'DATABASE_URL (sslkey unreadable)',
      'DATABASE_URL (sslrootcert unreadable)',
    ]);
  });
});
