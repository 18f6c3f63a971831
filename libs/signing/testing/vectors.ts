import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignatureCode, SignatureFault, SigningSecrets } from '../index.js';

interface RequestVector {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly body_hex: string;
}

interface Moment {
  readonly now: number;
  readonly max_skew_ms: number;
}

interface Refusal {
  readonly reason: SignatureFault;
  readonly code: SignatureCode;
}

interface SignedVector extends RequestVector {
  readonly secret: string;
  readonly timestamp: number;
  readonly nonce: string;
  readonly canonical: string;
  readonly signature: string;
}

export interface HmacVector extends RequestVector, Moment {
  readonly secrets: SigningSecrets;
  readonly headers: { readonly signature?: string; readonly timestamp?: string; readonly nonce?: string };
}

interface WithHeaders extends RequestVector {
  readonly origin: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly signature: string;
}

export interface RfcVector extends WithHeaders {
  readonly components: readonly string[];
  readonly parameters: readonly (readonly [name: string, value: string | number])[];
  readonly base: string;
}

export interface MessageVector extends WithHeaders, Moment {
  readonly key:
    | { readonly algorithm: 'hmac-sha256'; readonly secrets: SigningSecrets }
    | { readonly algorithm: 'ed25519'; readonly public_x: string };
  readonly signature_input: string;
}

/** The content of `vectors.json`. */
export interface Vectors {
  readonly hmac: {
    readonly signed: readonly SignedVector[];
    readonly accepted: readonly HmacVector[];
    readonly refused: readonly (HmacVector & Refusal)[];
  };
  readonly rfc9421: readonly RfcVector[];
  readonly message: {
    readonly accepted: readonly (MessageVector & { readonly base: string })[];
    readonly refused: readonly (MessageVector & Refusal)[];
  };
}

/** @param folder of the library's sources */
export const readVectors = (folder: string): Vectors =>
  JSON.parse(readFileSync(join(folder, 'vectors.json'), 'utf8')) as Vectors;
