import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from './load-config.js';

const noFiles = (): undefined => undefined;
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
  SIGNING_KEY: `${SECRET}${SECRET}`,
  ASSIST_API_KEYS: `${SECRET}@acme:user`,
};

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
    ['a certificate without its key', { TLS_CERT: '/cert.pem' }, 'TLS_CERT, TLS_KEY (both or none)'],
    ['half of a service without stores to share', { ROLE: 'api' }, 'ROLE (api needs DATABASE_URL and REDIS_URL)'],
  ])('refuses %s', (_what, env, fault) => {
    expect(faultsOf(env)).toEqual([fault]);
  });

  it('refuses a secret that is given twice', () => {
    const faults = faultsOf({ SIGNING_KEY: SECRET, SIGNING_KEY_FILE: '/f' }, { '/f': SECRET });
    expect(faults).toEqual(['SIGNING_KEY (set twice: also as SIGNING_KEY_FILE)']);
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
    for (const name of ['HMAC_SECRET', 'HMAC_SECRET_PREVIOUS', 'HMAC_SEALING_KEY']) {
      expect(faultsOf({ ...PRODUCTION, [name]: weak })).toEqual([`${name} (weak)`]);
    }
  });

  it('takes a secret that signs requests for a way in, whatever characters it holds', () => {
    const { ASSIST_API_KEYS, ...others } = PRODUCTION;
    expect(faultsOf({ ...others, HMAC_SECRET: `k@${SECRET}` })).toEqual([]);
  });
});
