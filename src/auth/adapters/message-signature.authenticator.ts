import { readMessageSignature, verifyMessage } from '#libs/signing/index.js';
import { Authenticator, type RequestFacts, type SignedBy } from '../authenticator.port.js';
import type { MessageSignatureCredential } from '../credential.js';
import { refusedSignature, signedPart } from '../signing/signed-request.js';
import { principalOf } from '../signing/signer.js';
import type { SignatureParts } from './hmac.authenticator.js';

const SECOND_MS = 1_000;

/** RFC 9421, in the same order: headers, key, signature, time, nonce. */
export class MessageSignatureAuthenticator extends Authenticator<'message_signature'> {
  readonly kind = 'message_signature';

  constructor(private readonly parts: SignatureParts) {
    super();
  }

  async authenticate({ signature, input }: MessageSignatureCredential, request: RequestFacts): Promise<SignedBy> {
    const { signers, nonces, maxSkewMs, clock } = this.parts;
    const reading = readMessageSignature(signature, input);
    if (!reading.ok) throw refusedSignature(reading.reason);
    const { keyId, nonce, created } = reading.signature;
    const signer = await signers.find(keyId);
    const window = { now: clock.now(), maxSkewMs };
    const message = { ...signedPart(request), rawHeaders: request.rawHeaders, origin: request.origin };
    const verdict = verifyMessage(reading.signature, message, signer.key, window);
    if (!verdict.ok) throw refusedSignature(verdict.reason);
    return { principal: principalOf(signer, this.kind), nonce: nonces.of(signer, nonce, created * SECOND_MS) };
  }
}
