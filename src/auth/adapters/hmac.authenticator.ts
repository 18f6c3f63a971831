import { readProof, type SigningSecrets, type StampedProof, verifyProof } from '#libs/signing/index.js';
import { type Clock, onceKnown } from '#src/kernel/index.js';
import { Authenticator, type RequestFacts, type SignedBy } from '../authenticator.port.js';
import type { HmacCredential } from '../credential.js';
import { refusedCredential } from '../refused-credential.js';
import { DEFAULT_KEY_ID } from '../signing/configured-signers.js';
import type { Nonces } from '../signing/nonces.js';
import { refusedSignature, signedPart } from '../signing/signed-request.js';
import { principalOf, type Signer } from '../signing/signer.js';
import type { Signers } from '../signing/signers.service.js';

export interface SignatureParts {
  readonly signers: Signers;
  readonly nonces: Nonces;
  readonly maxSkewMs: number;
  readonly clock: Clock;
}

/** Headers first, then the key, the signature and the time. The nonce comes last, and later: a wrong signature uses nothing up. */
export class HmacAuthenticator extends Authenticator<'hmac'> {
  readonly kind = 'hmac';

  constructor(private readonly parts: SignatureParts) {
    super();
  }

  authenticate(credential: HmacCredential, request: RequestFacts): SignedBy | Promise<SignedBy> {
    const reading = readProof(credential);
    if (!reading.ok) throw refusedSignature(reading.reason);
    const signer = this.parts.signers.find(credential.keyId ?? DEFAULT_KEY_ID);
    return onceKnown(signer, (known) => this.verify(reading.proof, known, request));
  }

  private verify(proof: StampedProof, signer: Signer, request: RequestFacts): SignedBy {
    const { nonces, maxSkewMs, clock } = this.parts;
    const window = { now: clock.now(), maxSkewMs };
    const verdict = verifyProof(proof, signedPart(request), secretsOf(signer), window);
    if (!verdict.ok) throw refusedSignature(verdict.reason);
    const { nonce, timestamp } = proof.stamp;
    return { principal: principalOf(signer, this.kind), nonce: nonces.of(signer, nonce, timestamp) };
  }
}

/** @throws {AppError} `NO_SECRET` for a public key */
export function secretsOf({ key }: Signer): SigningSecrets {
  if (key.algorithm === 'hmac-sha256') return key.secrets;
  throw refusedCredential('NO_SECRET', 'public_key');
}
