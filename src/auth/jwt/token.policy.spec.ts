import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readToken } from './token.policy.js';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { iss: 'https://idp.test', sub: 'alice', aud: 'api', exp: 1_767_323_045 };
const GOOD = `${part({ alg: 'RS256', kid: 'a' })}.${part(claims)}.c2ln`;

describe('readToken', () => {
  it('reads the header and the claims, and what else an issuer says', () => {
    expect(readToken(`${part({ alg: 'RS256' })}.${part({ ...claims, tenantId: 'acme' })}.c2ln`)).toEqual({
      header: { alg: 'RS256' },
      claims: { ...claims, aud: ['api'], tenantId: 'acme' },
    });
  });

  it('takes roles as a list and as words', () => {
    const rolesIn = (roles: unknown) => readToken(`${part({ alg: 'RS256' })}.${part({ ...claims, roles })}.c2ln`);
    expect(rolesIn(['user', 'admin'])?.claims.roles).toEqual(['user', 'admin']);
    expect(rolesIn('user admin')?.claims.roles).toEqual(['user', 'admin']);
  });

  it('gives an answer to any text, and never an exception', () => {
    const piece = fc.oneof(fc.string(), fc.base64String(), fc.jsonValue().map(part));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        expect(['object', 'undefined']).toContain(typeof readToken(pieces.join('.')));
      }),
    );
  });

  it('reads no two texts that differ only in spelling', () => {
    const edit = fc.constantFrom('=', '+', '/', ' ', '\n', '.', '\t', '\u0000');
    fc.assert(
      fc.property(fc.nat({ max: GOOD.length }), edit, (at, extra) => {
        expect(readToken(GOOD.slice(0, at) + extra + GOOD.slice(at))).toBeUndefined();
      }),
    );
  });
});
