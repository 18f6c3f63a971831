import { readLegacyProof, verifyProof } from '#libs/signing/index.js';
import { Authenticator, type RequestFacts } from '../authenticator.port.js';
import type { LegacyHmacCredential } from '../credential.js';
import type { Principal } from '../principal.js';
import { DEFAULT_KEY_ID } from '../signing/configured-signers.js';
import { refusedSignature, signedPart } from '../signing/signed-request.js';
import { principalOf } from '../signing/signer.js';
import { type SignatureParts, secretsOf } from './hmac.authenticator.js';

/** Signatures without timestamp and nonce, which anybody who saw the request can use again. Where an operator allows it. */
export class LegacyHmacAuthenticator extends Authenticator<'legacy_hmac'> {
  readonly kind = 'legacy_hmac';

  constructor(private readonly parts: Omit<SignatureParts, 'nonces'>) {
    super();
  }

  async authenticate({ signature, keyId }: LegacyHmacCredential, request: RequestFacts): Promise<Principal> {
    const { signers, maxSkewMs, clock } = this.parts;
    const reading = readLegacyProof(signature);
    if (!reading.ok) throw refusedSignature(reading.reason);
    const signer = await signers.find(keyId ?? DEFAULT_KEY_ID);
    const window = { now: clock.now(), maxSkewMs };
    const verdict = verifyProof(reading.proof, signedPart(request), secretsOf(signer), window);
    if (!verdict.ok) throw refusedSignature(verdict.reason);
    return principalOf(signer, this.kind);
  }
}
