import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatKey, hashSecret, isKeyId, type KeyFacts, keyPrefix, parseKey, verifyKey } from './api-key.policy.js';

const ID = 'key_0199c0de-0000-7000-8000-0123456789ab';
const secret = Buffer.alloc(32, 7);
const KEY = formatKey(ID, secret);
const NOW = 1_000_000;

describe('a key', () => {
  it('reads back as what it was made from, whatever its secret is', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (uuid, bytes) => {
        const parsed = parseKey(formatKey(`key_${uuid}`, bytes));
        expect(parsed?.id).toBe(`key_${uuid}`);
        expect(parsed?.secretHash).toEqual(hashSecret(bytes));
      }),
    );
  });

  it('shows its id and nothing else in its prefix', () => {
    expect(keyPrefix(ID)).toBe('cs_0199c0de0000700080000123456789ab');
    expect(KEY.startsWith(`${keyPrefix(ID)}_`)).toBe(true);
  });
});

describe('parseKey refuses', () => {
  const lastCharacter = KEY.at(-1) ?? '';
  const twin = String.fromCharCode(lastCharacter.charCodeAt(0) + 1);

  it.each([
    ['an empty text', ''],
    ['a key without its secret', keyPrefix(ID)],
    ['a truncated secret', KEY.slice(0, -1)],
    ['a longer secret', `${KEY}A`],
    ['an id of another length', KEY.replace('cs_0', 'cs_')],
    ['an id in capitals', KEY.replace('c0de', 'C0DE')],
    ['another prefix', KEY.replace('cs_', 'sk_')],
    ['the plain base64 alphabet', `${KEY.slice(0, -2)}+/`],
    ['another spelling of the same bytes', KEY.slice(0, -1) + twin],
    ['a line feed behind the key', `${KEY}\n`],
    ['an SQL-ish id', "cs_' or '1'='1_AAAA"],
  ])('%s', (_title, text) => {
    expect(parseKey(text)).toBeUndefined();
  });
});

describe('isKeyId', () => {
  it.each([
    ['takes an id', ID, true],
    ['refuses a bootstrap id', 'key_boot_0123456789abcdef', false],
    ['refuses an id with more behind it', `${ID}' --`, false],
    ['refuses a NUL', `${ID}\u0000`, false],
    ['refuses a line feed', `${ID}\n`, false],
    ['refuses another kind', ID.replace('key', 'run'), false],
  ])('%s', (_title, text, expected) => {
    expect(isKeyId(text)).toBe(expected);
  });
});

describe('verifyKey', () => {
  const current = hashSecret(secret);
  const former = hashSecret(Buffer.alloc(32, 8));
  const facts: KeyFacts = { secretHash: current, previous: undefined, expiresAt: undefined, revokedAt: undefined };
  const rotated: KeyFacts = { ...facts, previous: { secretHash: former, until: NOW + 10 } };

  it.each([
    ['accepts the secret', facts, current, { valid: true, until: Number.POSITIVE_INFINITY }],
    ['accepts it until it expires', { ...facts, expiresAt: NOW + 5 }, current, { valid: true, until: NOW + 5 }],
    ['accepts the former secret until the overlap ends', rotated, former, { valid: true, until: NOW + 10 }],
    [
      'ends at the expiry before the overlap',
      { ...rotated, expiresAt: NOW + 3 },
      former,
      { valid: true, until: NOW + 3 },
    ],
    ['accepts the new secret during the overlap', rotated, current, { valid: true, until: Number.POSITIVE_INFINITY }],
    ['refuses an unknown key', undefined, current, { valid: false, reason: 'unknown' }],
    ['refuses another secret', facts, former, { valid: false, reason: 'wrong_secret' }],
    [
      'refuses the former secret at the very end of the overlap',
      { ...facts, previous: { secretHash: former, until: NOW } },
      former,
      { valid: false, reason: 'wrong_secret' },
    ],
    ['refuses a revoked key', { ...facts, revokedAt: NOW - 1 }, current, { valid: false, reason: 'revoked' }],
    [
      'refuses the former secret of a revoked key',
      { ...rotated, revokedAt: NOW },
      former,
      { valid: false, reason: 'revoked' },
    ],
    [
      'refuses a key at the instant it expires',
      { ...facts, expiresAt: NOW },
      current,
      { valid: false, reason: 'expired' },
    ],
    [
      'does not say that a key is revoked to who has not its secret',
      { ...facts, revokedAt: 1 },
      former,
      { valid: false, reason: 'wrong_secret' },
    ],
  ])('%s', (_title, known, presented, expected) => {
    expect(verifyKey(known, presented, NOW)).toEqual(expected);
  });
});
