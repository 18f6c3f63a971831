import { hash } from 'node:crypto';
import { parseDictionary } from '../fields/dictionary.js';

/** RFC 9530 §5: the two algorithms that are not broken. */
export type DigestAlgorithm = 'sha-256' | 'sha-512';

const HASHES: ReadonlyMap<string, string> = new Map([
  ['sha-256', 'sha256'],
  ['sha-512', 'sha512'],
]);

const digestOf = (algorithm: string, body: Uint8Array | string | undefined): string =>
  hash(algorithm, body ?? '', 'base64');

/**
 * A value for the header `Content-Digest` (RFC 9530 §2).
 *
 * @example
 * contentDigest('{"hello": "world"}', 'sha-256') // sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:
 */
export const contentDigest = (body: Uint8Array | string | undefined, algorithm: DigestAlgorithm): string =>
  `${algorithm}=:${digestOf(algorithm.replace('-', ''), body)}:`;

/** Whether every digest that can be checked is right, and there is one. Unknown algorithms prove nothing. */
export function digestMatches(header: string, body: Uint8Array | string | undefined): boolean {
  const digests = [...(parseDictionary(header) ?? [])].filter(([name]) => HASHES.has(name));
  return (
    digests.length > 0 &&
    digests.every(([name, member]) => {
      if (member.kind !== 'item' || member.value.kind !== 'bytes') return false;
      return digestOf(HASHES.get(name) ?? '', body) === Buffer.from(member.value.value).toString('base64');
    })
  );
}
