export { parseSequence } from './cursor.js';
export { type IncomingEvent, SseDecoder, SseOverflowError } from './decode.js';
export { encodeEvent, encodeRetry, HEARTBEAT, type OutgoingEvent } from './encode.js';
export { type KeySet, type PublicJwk, type Receipt, receiptOf } from './receipt.js';
export { extendHash, hashedText, initialHash, type StreamEvent, signedText, toHex } from './rolling-hash.js';
export {
  type Difference,
  diffEvents,
  type Fault,
  StreamVerifier,
  type Verdict,
  verifyReceipt,
  verifyStream,
} from './verify.js';
