export { codeOfFault, type SignatureCode, type SignatureFault } from './fault.js';
export { contentDigest, type DigestAlgorithm, digestMatches } from './message/content-digest.js';
export type { HttpMessage } from './message/http-message.js';
export { type MessageReading, type MessageSignature, readMessageSignature } from './message/message-signature.js';
export { type MessageSigner, type MessageStamp, signMessage } from './message/sign-message.js';
export { type Covered, type SignatureBase, signatureBase } from './message/signature-base.js';
export { type MessageKey, verifyMessage } from './message/verify-message.js';
export {
  type Proof,
  type ProofHeaders,
  type ProofReading,
  readLegacyProof,
  readProof,
  type StampedProof,
} from './proof.js';
export { bodySha256, canonicalRequest, type SignableRequest, type Stamp } from './request.js';
export type { SigningSecret, SigningSecrets } from './secrets.js';
export { generateNonce, sign } from './sign.js';
export { type Verdict, verify, verifyProof } from './verify.js';
export type { Window } from './window.js';
