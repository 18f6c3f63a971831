import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A key of a test issuer, and how it is published. */
export interface IssuerKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
}

type Extra = Readonly<Record<string, unknown>>;

export function rsaKey(extra: Extra = {}, modulusLength = 2_048, publicExponent = 65_537): IssuerKey {
  return published(generateKeyPairSync('rsa', { modulusLength, publicExponent }), extra);
}

export const ecKey = (extra: Extra = {}, namedCurve = 'P-256'): IssuerKey =>
  published(generateKeyPairSync('ec', { namedCurve }), extra);

const published = (pair: Pick<IssuerKey, 'privateKey' | 'publicKey'>, extra: Extra): IssuerKey => ({
  ...pair,
  jwk: { ...pair.publicKey.export({ format: 'jwk' }), ...extra },
});

/** Base64url of a text as it is, or of a value as JSON. */
export const part = (content: unknown): string =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url');

/** Header and claims as JSON or as the exact text, joined but not signed. */
export const unsigned = (header: unknown, claims: unknown): string => `${part(header)}.${part(claims)}`;

/** Signs whatever it is given, as an issuer or an attacker would. */
export const signed = (input: string, signature: Buffer): string => `${input}.${signature.toString('base64url')}`;

export const rs256 = (input: string, key: KeyObject): string => signed(input, sign('sha256', Buffer.from(input), key));

export const ps256 = (input: string, key: KeyObject, saltLength = 32): string => {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return signed(input, sign('sha256', Buffer.from(input), { key, padding, saltLength }));
};

export const es256 = (input: string, key: KeyObject): string =>
  signed(input, sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }));

export const hs256 = (input: string, secret: string | Buffer): string =>
  signed(input, createHmac('sha256', secret).update(input).digest());
