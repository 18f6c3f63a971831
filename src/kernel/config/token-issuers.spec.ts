import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './config-error.js';
import { loadConfig } from './load-config.js';
import { tokenIssuers } from './token-issuers.policy.js';

const noFiles = (): undefined => undefined;
const SECRET = 'q7XvT2mLw9RzK4sBn8YcJ5hGd1FpA6eU';
const SIGNING_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const PRODUCTION = { NODE_ENV: 'production', SSE_RESUME_SECRET: SECRET, SIGNING_KEY };
const ONE = { JWT_ISSUER: 'https://idp.test', JWT_AUDIENCE: 'api', JWT_JWKS_URI: 'https://idp.test/jwks' };
const entry = { issuer: 'https://idp.test', audience: 'api', jwks_uri: 'https://idp.test/jwks' };
const listed = (...entries: readonly object[]) => ({ JWT_ISSUERS: JSON.stringify(entries) });

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env, noFiles);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
const issuersOf = (env: Record<string, string>) => tokenIssuers(loadConfig(env, noFiles));

describe('the issuers of tokens', () => {
  it('are none by default', () => {
    expect(issuersOf({})).toEqual([]);
  });

  it('are one, spelled in three variables', () => {
    expect(issuersOf({ ...ONE, JWT_AUDIENCE: 'api, console' })).toEqual([{ ...entry, audience: ['api', 'console'] }]);
  });

  it('are several, spelled as a list', () => {
    const other = { ...entry, issuer: 'other', audience: ['a', 'b'], algorithms: ['ES256'], tenants: ['acme'] };
    expect(issuersOf(listed(entry, other))).toEqual([{ ...entry, audience: ['api'] }, other]);
  });

  it.each<[string, Record<string, string>, string[]]>([
    [
      'an issuer without keys and audience',
      { JWT_ISSUER: 'x' },
      ['JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URI (all or none)'],
    ],
    [
      'half of an issuer, one part malformed',
      { JWT_ISSUER: 'a b', JWT_AUDIENCE: 'api' },
      ['JWT_ISSUER (invalid_format)', 'JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URI (all or none)'],
    ],
    ['both spellings', { ...ONE, ...listed(entry) }, ['JWT_ISSUER, JWT_ISSUERS (one or the other)']],
    ['an issuer listed twice', listed(entry, { ...entry, audience: 'b' }), ['JWT_ISSUERS (issuer listed twice)']],
    ['a list that is no JSON', { JWT_ISSUERS: '[{' }, ['JWT_ISSUERS (invalid_format)']],
    ['an empty list', { JWT_ISSUERS: '[]' }, ['JWT_ISSUERS (too_small)']],
    ['an object', { JWT_ISSUERS: '{}' }, ['JWT_ISSUERS (invalid_type)']],
    ['an unknown member', listed({ ...entry, secret: 's' }), ['JWT_ISSUERS (unrecognized_keys)']],
    [
      'a symmetric algorithm',
      listed({ ...entry, algorithms: ['HS256'] }),
      ['JWT_ISSUERS.0.algorithms.0 (invalid_value)'],
    ],
    ['a symmetric algorithm for all', { JWT_ALGORITHMS: 'RS256,HS256' }, ['JWT_ALGORITHMS (invalid_value)']],
    ['an algorithm none', { JWT_ALGORITHMS: 'none' }, ['JWT_ALGORITHMS (invalid_value)']],
    ['an issuer with a fragment', { ...ONE, JWT_ISSUER: 'https://idp.test/#a' }, ['JWT_ISSUER (invalid_format)']],
    ['a key set in a file', { ...ONE, JWT_JWKS_URI: 'file:///etc/jwks' }, ['JWT_JWKS_URI (invalid_format)']],
    [
      'a key set behind a password',
      { ...ONE, JWT_JWKS_URI: 'https://u:p@idp.test/' },
      ['JWT_JWKS_URI (holds a user or a password)'],
    ],
    ['a tenant that is a pattern', listed({ ...entry, tenants: ['*'] }), ['JWT_ISSUERS.0.tenants.0 (invalid_format)']],
    ['a cut at no instant', { JWT_ISSUED_AFTER: 'yesterday' }, ['JWT_ISSUED_AFTER (invalid_format)']],
  ])('are refused: %s', (_title, env, faults) => {
    expect(faultsOf(env)).toEqual(faults);
  });

  it('are refused with every fault of the list at once, and no value', () => {
    const faults = faultsOf(listed({ ...entry, jwks_uri: 'planted' }, { issuer: 'planted two', audience: [] }));
    expect(faults).toEqual([
      'JWT_ISSUERS.0.jwks_uri (invalid_format)',
      'JWT_ISSUERS.1.issuer (invalid_format)',
      expect.stringMatching(/^JWT_ISSUERS\.1\.audience/),
      'JWT_ISSUERS.1.jwks_uri (invalid_type)',
    ]);
    expect(faults.join()).not.toContain('planted');
  });
});

describe('in production', () => {
  it('an issuer is a way to call, so that no API key has to be one', () => {
    expect(faultsOf({ ...PRODUCTION, ...ONE })).toEqual([]);
  });

  it('keys are not fetched over a line that others can write to', () => {
    const plain = 'http://idp.test/jwks';
    expect(faultsOf({ ...PRODUCTION, ...ONE, JWT_JWKS_URI: plain })).toEqual(['JWT_JWKS_URI (must be https)']);
    expect(
      faultsOf({ ...PRODUCTION, ...listed(entry, { ...entry, issuer: 'b', jwks_uri: plain, tenants: ['b'] }) }),
    ).toEqual(['JWT_ISSUERS.1.jwks_uri (must be https)']);
  });

  it('no two issuers may speak for every tenant', () => {
    const all = [entry, { ...entry, issuer: 'b' }, { ...entry, issuer: 'c', tenants: ['acme'] }];
    expect(faultsOf({ ...PRODUCTION, ...listed(...all) })).toEqual([
      'JWT_ISSUERS (tenants missing: only one issuer may speak for every tenant)',
    ]);
    expect(faultsOf({ ...PRODUCTION, ...listed(...all.slice(1)) })).toEqual([]);
  });
});
