import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Attempt, nameOf, sealingKeyOf } from './attempt.policy.js';

const body = Buffer.from('{"brief":"x"}');
const attempt: Attempt = {
  ...{ tenantId: 'acme', principalId: 'p', route: '/v1/keys/:id/rotate', method: 'POST', target: '/v1/keys/a/rotate' },
  ...{ form: 'whole', body, key: 'k' },
};

describe('the name of a request', () => {
  it('is the same for the same request', () => {
    expect(nameOf({ ...attempt, body: Buffer.from(body) })).toEqual(nameOf(attempt));
  });

  it.each([
    ['tenant', { tenantId: 'globex' }],
    ['principal', { principalId: 'q' }],
    ['route', { route: '/v1/keys' }],
    ['key', { key: 'l' }],
  ])('is another with another %s', (_what, other) => {
    expect(nameOf({ ...attempt, ...other }).id).not.toBe(nameOf(attempt).id);
  });

  it.each<[string, Partial<Attempt>]>([
    ['body', { body: Buffer.from('{"brief": "x"}') }],
    ['target', { target: '/v1/keys/b/rotate' }],
    ['form', { form: 'stream' }],
    ['query', { target: '/v1/keys/a/rotate?x=1' }],
  ])('is the same with another %s, and the fingerprint tells', (_what, other) => {
    const [one, two] = [nameOf(attempt), nameOf({ ...attempt, ...other })];
    expect(two.id).toBe(one.id);
    expect(two.fingerprint).not.toBe(one.fingerprint);
  });

  it('cannot be moved between tenant, principal and key', () => {
    const [a, b] = [
      { tenantId: 'a', principalId: 'b","c' },
      { tenantId: 'a","b', principalId: 'c' },
    ];
    expect(nameOf({ ...attempt, ...a }).id).not.toBe(nameOf({ ...attempt, ...b }).id);
  });

  it('cannot be made without a key by a key that spells a fingerprint', () => {
    const plain = nameOf({ ...attempt, key: undefined });
    expect(nameOf({ ...attempt, key: plain.fingerprint }).id).not.toBe(plain.id);
  });

  it('is a digest: the fingerprint is SHA-256 over method, target, form and raw body', () => {
    const expected = createHash('sha256').update('POST /v1/keys/a/rotate whole\n{"brief":"x"}').digest('hex');
    expect(nameOf(attempt).fingerprint).toBe(expected);
    expect(JSON.stringify(nameOf({ ...attempt, key: 'visible-key' }))).not.toContain('visible-key');
  });

  it('does not lead to what its answer is encrypted under', () => {
    const seals = [attempt, { ...attempt, key: 'l' }, { ...attempt, body: Buffer.from('{}') }].map((each) =>
      sealingKeyOf(each).export().toString('hex'),
    );
    expect(new Set(seals).size).toBe(3);
    expect(seals[0]).not.toBe(nameOf(attempt).fingerprint);
  });
});
