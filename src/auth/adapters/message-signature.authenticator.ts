import { type MessageSignature, readMessageSignature, verifyMessage } from '#libs/signing/index.js';
import { onceKnown } from '#src/kernel/index.js';
import { Authenticator, type RequestFacts, type SignedBy } from '../authenticator.port.js';
import type { MessageSignatureCredential } from '../credential.js';
import { refusedSignature, signedPart } from '../signing/signed-request.js';
import { principalOf, type Signer } from '../signing/signer.js';
import type { SignatureParts } from './hmac.authenticator.js';

const SECOND_MS = 1_000;

/** RFC 9421, in the same order: headers, key, signature, time, nonce. */
export class MessageSignatureAuthenticator extends Authenticator<'message_signature'> {
  readonly kind = 'message_signature';

  constructor(private readonly parts: SignatureParts) {
    super();
  }

  authenticate({ signature, input }: MessageSignatureCredential, request: RequestFacts): SignedBy | Promise<SignedBy> {
    const reading = readMessageSignature(signature, input);
    if (!reading.ok) throw refusedSignature(reading.reason);
    const signer = this.parts.signers.find(reading.signature.keyId);
    return onceKnown(signer, (known) => this.verify(reading.signature, known, request));
  }

  private verify(signature: MessageSignature, signer: Signer, request: RequestFacts): SignedBy {
    const { nonces, maxSkewMs, clock } = this.parts;
    const window = { now: clock.now(), maxSkewMs };
    const message = { ...signedPart(request), rawHeaders: request.rawHeaders, origin: request.origin };
    const verdict = verifyMessage(signature, message, signer.key, window);
    if (!verdict.ok) throw refusedSignature(verdict.reason);
    const { nonce, created } = signature;
    return { principal: principalOf(signer, this.kind), nonce: nonces.of(signer, nonce, created * SECOND_MS) };
  }
}
