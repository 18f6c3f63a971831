import { generateKeyPairSync } from 'node:crypto';
import { createSigner, httpbis, type SignatureParameters } from 'http-message-signatures';
import { contentDigest, generateNonce } from '#libs/signing/index.js';
import { BODY, type Header, SECRET, type WireRequest } from './signed-request.ts';

const pair = generateKeyPairSync('ed25519');

/** The Ed25519 key of a partner, and the variable that makes it known. */
export const PARTNER_ENV = {
  ED25519_KEYS: `partner=${pair.publicKey.export({ format: 'jwk' }).x}@acme:admin`,
} as const;

export const hmacSigner = (secret: string, id: string) => createSigner(secret, 'hmac-sha256', id);
export const partner = createSigner(pair.privateKey, 'ed25519', 'partner');
export const DEFAULT_SIGNER = hmacSigner(SECRET, 'key_default');

/** What covers enough of a request with a body. */
export const FIELDS = ['@method', '@path', '@query', 'content-digest'] as const;
const PARAMS = ['created', 'nonce', 'keyid', 'alg'] as const;

export interface MessageSigning {
  readonly method?: string;
  readonly target?: string;
  readonly origin?: string;
  readonly body?: string;
  readonly fields?: readonly string[];
  readonly params?: readonly string[];
  readonly values?: SignatureParameters;
  readonly signer?: ReturnType<typeof createSigner>;
  /** Beside the digest. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Unix ms. */
  readonly now: number;
}

/** A request signed after RFC 9421 by an implementation that is not ours. */
export async function messageSigned(options: MessageSigning): Promise<WireRequest> {
  const { method = 'POST', target = '/v1/keys?round=1', origin = 'http://api.test', body = BODY, now } = options;
  const digest = body === '' ? {} : { 'Content-Digest': contentDigest(Buffer.from(body, 'latin1'), 'sha-256') };
  const fields = options.fields ?? FIELDS.filter((name) => body !== '' || name !== 'content-digest');
  const signed = await httpbis.signMessage(
    {
      key: options.signer ?? DEFAULT_SIGNER,
      fields: [...fields],
      params: [...(options.params ?? PARAMS)],
      paramValues: { created: new Date(now), nonce: generateNonce(), ...options.values },
    },
    { method, url: `${origin}${target}`, headers: { ...digest, ...options.headers } },
  );
  const headers = Object.entries(signed.headers).map(([name, value]): Header => [name, String(value)]);
  return { method, target, body, headers };
}
