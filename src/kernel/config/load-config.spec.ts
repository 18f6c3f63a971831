import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './config-error.js';
import { loadConfig } from './load-config.js';
import { rule } from './rule.js';

const noFiles = (): undefined => undefined;
const pem = { type: 'pkcs8', format: 'pem' } as const;
const SIGNING_KEY = generateKeyPairSync('ed25519').privateKey.export(pem).toString();
const AGREEMENT_KEY = generateKeyPairSync('x25519').privateKey.export(pem).toString();
const SECRET = 'q7XvT2mLw9RzK4sBn8YcJ5hGd1FpA6eU';

function faultsOf(env: Record<string, string>, files: Record<string, string> = {}): readonly string[] {
  try {
    loadConfig(env, (path) => files[path]);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

const PRODUCTION = {
  NODE_ENV: 'production',
  SSE_RESUME_SECRET: SECRET,
  SIGNING_KEY,
  ASSIST_API_KEYS: `${SECRET}@acme:user`,
};

const NO_KEY = 'SIGNING_KEY (not an Ed25519 private key in PKCS #8 PEM)';
const NO_PROXY = 'TRUSTED_PROXIES (not an address, CIDR range, loopback, linklocal or uniquelocal)';
const NO_ORIGIN = 'ALLOWED_ORIGINS (not an origin: scheme://host[:port], as browsers send it)';
const NO_DATABASE = 'DATABASE_URL (holds % escapes that are no text)';

describe('configuration', () => {
  it('has a default for everything outside production', () => {
    expect(loadConfig({}, noFiles)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3101,
      SSE_HEARTBEAT_MS: 10_000,
      MODEL_PROVIDERS: ['embedded'],
    });
  });

  it('names every bad variable at once', () => {
    const faults = faultsOf({
      PORT: 'abc',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'http://x',
      SSE_HEARTBEAT_MS: '-1',
      ASSIST_API_KEYS: 'short',
    });
    expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual([
      'ASSIST_API_KEYS',
      'LOG_LEVEL',
      'PORT',
      'REDIS_URL',
      'SSE_HEARTBEAT_MS',
    ]);
  });

  it('never prints a value', () => {
    const planted = 'planted-secret-value';
    const faults = faultsOf({
      PORT: planted,
      ASSIST_API_KEYS: planted,
      SSE_RESUME_SECRET: planted,
      DATABASE_URL: planted,
    });
    expect(faults).not.toHaveLength(0);
    expect(faults.join()).not.toContain(planted);
  });

  it('shows no secret when it is printed, inspected or serialised', () => {
    const config = loadConfig({ SSE_RESUME_SECRET: SECRET, DATABASE_URL: `postgres://u:${SECRET}@h/db` }, noFiles);
    expect(
      `${inspect(config, { depth: 9 })}${JSON.stringify(config)}${String(config.SSE_RESUME_SECRET)}`,
    ).not.toContain(SECRET);
    expect(config.SSE_RESUME_SECRET?.reveal()).toBe(SECRET);
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(loadConfig({}, noFiles))).toBe(true);
  });

  it('takes an empty variable as not set', () => {
    expect(loadConfig({ PORT: '', REDIS_URL: '' }, noFiles)).toMatchObject({ PORT: 3101 });
  });

  it('reads secrets from files, without the newline at their end', () => {
    const config = loadConfig({ SSE_RESUME_SECRET_FILE: '/run/secret' }, () => `${SECRET}\n`);
    expect(config.SSE_RESUME_SECRET?.reveal()).toBe(SECRET);
  });

  it.each([
    ['a file that cannot be read', { SIGNING_KEY_FILE: '/nowhere' }, 'SIGNING_KEY_FILE (unreadable)'],
    ['a signing key that is none', { SIGNING_KEY: SECRET }, NO_KEY],
    ['a signing key for another purpose', { SIGNING_KEY: AGREEMENT_KEY }, NO_KEY],
    ['a proxy that is no address', { TRUSTED_PROXIES: 'loopback,planted' }, NO_PROXY],
    ['an origin that is none', { ALLOWED_ORIGINS: 'https://a.test,planted' }, NO_ORIGIN],
    ['every origin', { ALLOWED_ORIGINS: '*' }, NO_ORIGIN],
    ['a list without a key', { ASSIST_API_KEYS: ',' }, 'ASSIST_API_KEYS (too_small)'],
    ['a model key that no header takes', { OPENAI_API_KEY: 'a\nb' }, 'OPENAI_API_KEY (invalid_format)'],
    [
      'escapes that Redis cannot be told',
      { REDIS_URL: 'redis://u:%zz@h' },
      'REDIS_URL (holds % escapes that are no text)',
    ],
    ['a Redis database with a name', { REDIS_URL: 'redis://h/planted' }, 'REDIS_URL (the database is not a number)'],
    ['escapes that are no text', { DATABASE_URL: 'postgres://u:%e9@h/d' }, NO_DATABASE],
  ])('refuses %s', (_what, env, fault) => {
    expect(faultsOf(env)).toEqual([fault]);
  });

  it('refuses a secret that is given twice, and judges neither value', () => {
    const faults = faultsOf({ SIGNING_KEY: SECRET, SIGNING_KEY_FILE: '/f' }, { '/f': SECRET });
    expect(faults).toEqual(['SIGNING_KEY (set twice: also as SIGNING_KEY_FILE)']);
  });

  it('takes a password that holds a percent sign, as PostgreSQL does', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://u:100%@h/d' })).toEqual([]);
  });

  it('refuses half of a service without stores to share, a line for each store', () => {
    const faults = [
      'DATABASE_URL (missing: only ROLE all does without)',
      'REDIS_URL (missing: only ROLE all does without)',
    ];
    expect(faultsOf({ ROLE: 'api' })).toEqual(faults);
    expect(faultsOf({ ROLE: 'worker', DATABASE_URL: 'postgres://h/d' })).toEqual(faults.slice(1));
  });
});

describe('a malformed variable', () => {
  it('hides nothing that is wrong with the others', () => {
    const faults = faultsOf({ NODE_ENV: 'production', PORT: 'abc', TLS_CERT: '/nope', JWT_ISSUER: 'i', ROLE: 'api' });
    expect(faults).toEqual([
      'PORT (invalid_type)',
      'TLS_CERT, TLS_KEY (both or none)',
      'TLS_CERT (unreadable)',
      'DATABASE_URL (missing: only ROLE all does without)',
      'REDIS_URL (missing: only ROLE all does without)',
      'JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URI (all or none)',
      'SSE_RESUME_SECRET (missing)',
      'SIGNING_KEY (missing)',
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a short resume secret', { SSE_RESUME_SECRET: 'short' }, 'SSE_RESUME_SECRET (too_small)'],
    ['a signing key that is none', { SIGNING_KEY: SECRET }, NO_KEY],
    ['a bad API key, the only way in', { ASSIST_API_KEYS: 'short' }, 'ASSIST_API_KEYS (invalid_format)'],
    ['a bad HMAC secret', { HMAC_SECRET: 'short' }, 'HMAC_SECRET (too_small)'],
    ['bad issuers, the only way in', { ASSIST_API_KEYS: '', JWT_ISSUERS: '[' }, 'JWT_ISSUERS (invalid_format)'],
    ['a bad key of a model', { MODEL_PROVIDERS: 'openai', OPENAI_API_KEY: 'a b' }, 'OPENAI_API_KEY (invalid_format)'],
    ['a key without an endpoint', { MODEL_ENDPOINT_KEYS: 'secret' }, 'MODEL_ENDPOINT_KEYS (invalid_format)'],
    ['two keys of one endpoint', { MODEL_ENDPOINT_KEYS: 'a=b,a=c' }, 'MODEL_ENDPOINT_KEYS (one key an endpoint)'],
    ['a bad store', { ROLE: 'api', DATABASE_URL: 'x', REDIS_URL: 'redis://h' }, 'DATABASE_URL (invalid_format)'],
    ['a secret whose file is away', { SIGNING_KEY: '', SIGNING_KEY_FILE: '/no' }, 'SIGNING_KEY_FILE (unreadable)'],
  ])('is named once, and nothing is said that follows from it: %s', (_title, env, fault) => {
    expect(faultsOf({ ...PRODUCTION, ...env })).toEqual([fault]);
  });

  it('is not judged by its default', () => {
    const ports = rule(['PORT'], ({ PORT }) => [`PORT (judged: ${PORT})`]);
    expect(() => loadConfig({ PORT: 'abc' }, noFiles, [ports])).toThrow(new ConfigError(['PORT (invalid_type)']));
    expect(() => loadConfig({}, noFiles, [ports])).toThrow(new ConfigError(['PORT (judged: 3101)']));
  });
});

describe('a rule of a module', () => {
  it('speaks in the one list, beside what is malformed', () => {
    const hosts = rule(['HOST'], () => ['HOST (far away)']);
    expect(() => loadConfig({ PORT: 'abc' }, noFiles, [hosts, hosts])).toThrow(
      new ConfigError(['PORT (invalid_type)', 'HOST (far away)']),
    );
  });
});

describe('production', () => {
  it('starts with strong secrets', () => {
    expect(faultsOf(PRODUCTION)).toEqual([]);
  });

  it('refuses missing secrets, all at once', () => {
    const named = faultsOf({ NODE_ENV: 'production', MODEL_PROVIDERS: 'openai,anthropic' }).map(
      (fault) => fault.split(' ')[0],
    );
    expect(named).toEqual([
      'SSE_RESUME_SECRET',
      'SIGNING_KEY',
      'ASSIST_API_KEYS',
      'OPENAI_API_KEY',
      'ANTHROPIC_API_KEY',
    ]);
  });

  it.each([
    ['a placeholder', 'please-change-me-please-change-me-0'],
    ['one letter', 'a'.repeat(40)],
    ['a row of digits', '12345678901234567890123456789012'],
  ])('refuses %s as a secret', (_what, weak) => {
    expect(faultsOf({ ...PRODUCTION, SSE_RESUME_SECRET: weak })).toEqual(['SSE_RESUME_SECRET (weak)']);
    expect(faultsOf({ ...PRODUCTION, ASSIST_API_KEYS: `${weak}@acme:user` })).toEqual(['ASSIST_API_KEYS (weak)']);
    for (const name of ['HMAC_SECRET', 'HMAC_SECRET_PREVIOUS', 'HMAC_SEALING_KEY', 'METRICS_TOKEN']) {
      expect(faultsOf({ ...PRODUCTION, [name]: weak })).toEqual([`${name} (weak)`]);
    }
  });

  it('takes a secret that signs requests for a way in, whatever characters it holds', () => {
    const { ASSIST_API_KEYS, ...others } = PRODUCTION;
    expect(faultsOf({ ...others, HMAC_SECRET: `k@${SECRET}` })).toEqual([]);
  });

  it('takes a public key of somebody who signs for a way in', () => {
    const { ASSIST_API_KEYS, ...others } = PRODUCTION;
    expect(faultsOf({ ...others, ED25519_KEYS: `partner=${'A'.repeat(43)}` })).toEqual([]);
  });
});
