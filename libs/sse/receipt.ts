import { signedText } from './rolling-hash.js';

/** What the last event of a stream says about all events before it. */
export interface Receipt {
  /** Number of events before the last. */
  readonly count: number;
  /** Rolling hash over them, lower-case hex. */
  readonly root: string;
  readonly key_id: string;
  /** Ed25519, base64url. */
  readonly signature: string;
}

/** A public key as `/.well-known/countersign-keys.json` lists it (RFC 8037). */
export interface PublicJwk {
  readonly kid: string;
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
}

/** A JWKS (RFC 7517). */
export interface KeySet {
  readonly keys: readonly PublicJwk[];
}

/** The receipt inside the data of a terminal event; `undefined` when there is none or it is not well formed. */
export function receiptOf(data: string): Receipt | undefined {
  const receipt = member(parse(data), 'receipt');
  const [count, root, keyId, signature] = ['count', 'root', 'key_id', 'signature'].map((name) => member(receipt, name));
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return undefined;
  if (typeof root !== 'string' || !/^[0-9a-f]{64}$/.test(root)) return undefined;
  if (typeof keyId !== 'string' || typeof signature !== 'string') return undefined;
  return { count, root, key_id: keyId, signature };
}

/** Whether the receipt was signed by this key for this stream. A key or signature that cannot be read is a `false`. */
export async function signedBy(key: PublicJwk, streamId: string, receipt: Receipt): Promise<boolean> {
  const signature = fromBase64Url(receipt.signature);
  if (signature === undefined || key.kty !== 'OKP' || key.crv !== 'Ed25519') return false;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.x };
  const text = new TextEncoder().encode(signedText(streamId, receipt.count, receipt.root));
  try {
    const imported = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', imported, signature, text);
  } catch {
    return false;
  }
}

/** A field of an object of unknown origin. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;

/** JSON of unknown origin; `undefined` when it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (unit) => unit.charCodeAt(0));
}
