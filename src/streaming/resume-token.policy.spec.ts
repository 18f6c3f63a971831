import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '#src/kernel/index.js';
import { issueResumeToken, MAX_TOKEN_LENGTH, readResumeToken, resumeKey } from './resume-token.policy.js';

const NOW = 1_750_000_000_000;
const KEY = resumeKey(new Secret('r'.repeat(32)));
const OWNER = { tenantId: 'acme', principalId: 'key_1' };
const CLAIMS = {
  streamId: 'strm_0190c0de-0000-7000-8000-000000000001',
  owner: OWNER,
  seq: 7,
  step: 'DRAFTING',
  expiresAt: NOW + 1_000,
};
const token = issueResumeToken(CLAIMS, KEY);
const read = (text: string, caller = OWNER, now = NOW) => readResumeToken(text, KEY, caller, now);

describe('a resume token', () => {
  it('leads its owner back to the place in the stream', () => {
    expect(read(token)).toEqual({ valid: true, streamId: CLAIMS.streamId, seq: 7 });
  });

  it('is worth nothing from the moment it expires', () => {
    expect(read(token, OWNER, NOW + 999).valid).toBe(true);
    expect(read(token, OWNER, NOW + 1_000)).toEqual({ valid: false, reason: 'expired' });
  });

  it.each([
    ['another tenant', { ...OWNER, tenantId: 'other' }],
    ['another principal of the tenant', { ...OWNER, principalId: 'key_2' }],
  ])('is worth nothing to %s', (_who, caller) => {
    expect(read(token, caller)).toEqual({ valid: false, reason: 'owner' });
  });

  it('of another key is worth nothing', () => {
    const foreign = issueResumeToken(CLAIMS, resumeKey(new Secret('s'.repeat(32))));
    expect(read(foreign)).toEqual({ valid: false, reason: 'signature' });
  });

  it('has its signature checked before its payload is read', () => {
    const [, signature = ''] = token.split('.');
    const unreadable = Buffer.from('{ not json').toString('base64url');
    expect(read(`${unreadable}.${signature}`)).toEqual({ valid: false, reason: 'signature' });
  });

  it('is refused when any one character is changed', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=';
    fc.assert(
      fc.property(fc.nat({ max: token.length - 1 }), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(token[at] !== character);
        expect(read(token.slice(0, at) + character + token.slice(at + 1)).valid).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['', '.', 'a.b', `${token}.`, `${token}=`, ` ${token}`, token.split('.')[0] ?? '', 'x'.repeat(5_000)])(
    'is not read from %j',
    (text) => {
      expect(read(text).valid).toBe(false);
    },
  );

  it('stays within its length and keeps names apart, whatever tenants, principals and steps are called', () => {
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constant('\u0000'.repeat(300)));
    fc.assert(
      fc.property(name, name, name, (tenantId, principalId, step) => {
        const owner = { tenantId, principalId };
        const seq = Number.MAX_SAFE_INTEGER;
        const text = issueResumeToken({ ...CLAIMS, owner, step, seq }, KEY);
        expect(text.length).toBeLessThanOrEqual(MAX_TOKEN_LENGTH);
        expect(read(text, owner)).toMatchObject({ valid: true, seq });
        expect(read(text, { ...owner, principalId: `${principalId}x` }).valid).toBe(false);
      }),
    );
  });

  it('does not take a name that looks like a digest for the digest', () => {
    const long = { tenantId: 'acme', principalId: 'p'.repeat(100) };
    const text = issueResumeToken({ ...CLAIMS, owner: long }, KEY);
    const [payload = ''] = text.split('.');
    const [, , digest] = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(read(text, { tenantId: 'acme', principalId: digest })).toEqual({ valid: false, reason: 'owner' });
  });
});
