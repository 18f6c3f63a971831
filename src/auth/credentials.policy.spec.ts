import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Credential } from './credential.js';
import { credentialHeaders, extractCredential } from './credentials.policy.js';

const uses = credentialHeaders(['X-Countersign', 'X-Olumi']);
const KEY = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln';

const extract = (...raw: readonly string[]) => extractCredential(raw, uses);
const found = (credential: Credential) => ({ found: true, credential });
const refused = (fault: string) => ({ found: false, fault });
const apiKey = found({ kind: 'api_key', text: KEY });

describe('extractCredential accepts', () => {
  it.each([
    ['a bearer key', ['Authorization', `Bearer ${KEY}`], apiKey],
    ['the scheme in any case', ['authorization', `bEaReR ${KEY}`], apiKey],
    ['more than one space behind the scheme', ['Authorization', `Bearer   ${KEY}`], apiKey],
    ['an API-key header', ['X-Api-Key', KEY], apiKey],
    ['header names in any case', ['x-API-kEY', KEY], apiKey],
    ['surrounding white space', ['X-Api-Key', ` \t${KEY} `], apiKey],
    ['the key header of the first prefix', ['X-Countersign-Assist-Key', KEY], apiKey],
    ['the key header of another prefix', ['X-Olumi-Assist-Key', KEY], apiKey],
    ['one secret in two headers', ['Authorization', `Bearer ${KEY}`, 'X-Api-Key', KEY], apiKey],
    ['one secret twice in one header', ['X-Api-Key', KEY, 'X-Api-Key', KEY], apiKey],
    ['one secret twice, joined by a proxy', ['X-Api-Key', `${KEY}, ${KEY}`], apiKey],
    ['one bearer twice, joined by a proxy', ['Authorization', `Bearer ${KEY}, Bearer ${KEY}`], apiKey],
    ['a key beside a scheme that is not ours', ['Authorization', 'Basic dXNlcjpwYXNz', 'X-Api-Key', KEY], apiKey],
    ['a key beside an empty bearer', ['Authorization', 'Bearer', 'X-Api-Key', KEY], apiKey],
    ['three parts as a token', ['Authorization', `Bearer ${JWT}`], found({ kind: 'jwt', text: JWT })],
    ['an unsigned token as a token', ['Authorization', 'Bearer a.b.'], found({ kind: 'jwt', text: 'a.b.' })],
    ['three parts in a key header as a key', ['X-Api-Key', JWT], found({ kind: 'api_key', text: JWT })],
    ['two parts as a key', ['Authorization', 'Bearer a.b'], found({ kind: 'api_key', text: 'a.b' })],
  ])('%s', (_title, raw, expected) => {
    expect(extract(...raw)).toEqual(expected);
  });
});

describe('extractCredential refuses', () => {
  it.each([
    ['nothing', [], 'UNAUTHENTICATED'],
    ['an empty key', ['X-Api-Key', ''], 'UNAUTHENTICATED'],
    ['an empty bearer', ['Authorization', 'Bearer '], 'UNAUTHENTICATED'],
    ['a scheme that is not ours', ['Authorization', 'Basic dXNlcjpwYXNz'], 'UNAUTHENTICATED'],
    ['a key without its scheme', ['Authorization', KEY], 'UNAUTHENTICATED'],
    ['a scheme that only begins like ours', ['Authorization', `Bearerx ${KEY}`], 'UNAUTHENTICATED'],
    ['two keys in two headers', ['Authorization', `Bearer ${KEY}`, 'X-Api-Key', OTHER], 'AMBIGUOUS_CREDENTIALS'],
    ['two keys in one header', ['X-Api-Key', KEY, 'X-Api-Key', OTHER], 'AMBIGUOUS_CREDENTIALS'],
    ['two keys joined by a proxy', ['X-Api-Key', `${KEY}, ${OTHER}`], 'AMBIGUOUS_CREDENTIALS'],
    ['two bearers', ['Authorization', `Bearer ${KEY}`, 'Authorization', `Bearer ${OTHER}`], 'AMBIGUOUS_CREDENTIALS'],
    ['two bearers joined', ['Authorization', `Bearer ${KEY}, Bearer ${OTHER}`], 'AMBIGUOUS_CREDENTIALS'],
    ['two schemes', ['Authorization', 'Basic dTpw', 'Authorization', `Bearer ${KEY}`], 'AMBIGUOUS_CREDENTIALS'],
    ['a token and a key', ['Authorization', `Bearer ${JWT}`, 'X-Api-Key', KEY], 'AMBIGUOUS_CREDENTIALS'],
    [
      'two prefixes, though they agree',
      ['X-Countersign-Assist-Key', KEY, 'X-Olumi-Assist-Key', KEY],
      'AMBIGUOUS_CREDENTIALS',
    ],
    [
      'two prefixes for two purposes',
      ['X-Countersign-Assist-Key', KEY, 'X-Olumi-Resume-Token', 't'],
      'AMBIGUOUS_CREDENTIALS',
    ],
    ['a nonce without a signature', ['X-Olumi-Nonce', 'n'], 'MISSING_SIGNATURE'],
    ['a timestamp without a signature', ['X-Countersign-Timestamp', '1'], 'MISSING_SIGNATURE'],
    ['an empty signature beside a good key', ['X-Olumi-Signature', '', 'X-Api-Key', KEY], 'MISSING_SIGNATURE'],
    ['two signatures', ['X-Olumi-Signature', 'aa', 'X-Olumi-Signature', 'bb'], 'AMBIGUOUS_CREDENTIALS'],
    ['two nonces', ['X-Olumi-Signature', 'aa', 'X-Olumi-Nonce', '1', 'X-Olumi-Nonce', '2'], 'AMBIGUOUS_CREDENTIALS'],
    ['two profiles of signature', ['X-Olumi-Signature', 'aa', 'Signature', 'sig1=:AA==:'], 'AMBIGUOUS_CREDENTIALS'],
    ['white space inside a key', ['Authorization', 'Bearer a b'], 'INVALID_API_KEY'],
    ['letters outside ASCII', ['X-Api-Key', `${'k'.repeat(40)}é`], 'INVALID_API_KEY'],
    ['control characters', ['X-Api-Key', `${'k'.repeat(40)}\u0000`], 'INVALID_API_KEY'],
    ['a key of 10 KB', ['X-Api-Key', 'k'.repeat(10_240)], 'INVALID_API_KEY'],
    ['a token of 10 KB', ['Authorization', `Bearer a.${'k'.repeat(10_240)}.c`], 'TOKEN_INVALID'],
  ])('%s', (_title, raw, fault) => {
    expect(extract(...raw)).toEqual(refused(fault));
  });
});

describe('a signature decides alone', () => {
  it('beside a valid key', () => {
    expect(extract('X-Api-Key', KEY, 'X-Olumi-Signature', 'ab', 'X-Olumi-Nonce', 'n')).toEqual(
      found({ kind: 'hmac', signature: 'ab', timestamp: undefined, nonce: 'n', keyId: undefined }),
    );
  });

  it('beside two different keys', () => {
    expect(extract('X-Api-Key', KEY, 'Authorization', `Bearer ${OTHER}`, 'Signature', 's')).toEqual(
      found({ kind: 'message_signature', signature: 's', input: undefined }),
    );
  });
});

describe('any headers at all', () => {
  it('give an answer and never an exception', () => {
    const name = fc.oneof(fc.constantFrom(...uses.keys()), fc.string());
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (headers) => {
        expect(typeof extract(...headers.flat()).found).toBe('boolean');
      }),
    );
  });

  it('cannot turn two different keys into one', () => {
    const text = fc.stringMatching(/^[a-z]{32,64}$/);
    const carrier = fc.constantFrom('X-Api-Key', 'X-Olumi-Assist-Key', 'x-api-key');
    fc.assert(
      fc.property(text, text, carrier, carrier, (one, two, first, second) => {
        fc.pre(one !== two);
        expect(extract(first, one, second, two)).toEqual(refused('AMBIGUOUS_CREDENTIALS'));
      }),
    );
  });
});
