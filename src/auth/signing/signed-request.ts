import { codeOfFault, type SignableRequest, type SignatureFault } from '#libs/signing/index.js';
import type { AppError } from '#src/kernel/index.js';
import type { RequestFacts } from '../authenticator.port.js';
import { refusedCredential } from '../refused-credential.js';

/** The caller is told a code; the log learns why. */
export const refusedSignature = (fault: SignatureFault): AppError => refusedCredential(codeOfFault(fault), fault);

/**
 * What of a request a signature covers.
 *
 * @throws {AppError} `INVALID_SIGNATURE` when there is a body whose bytes nobody kept: it must not pass as an empty one
 */
export function signedPart({ method, target, rawHeaders, rawBody }: RequestFacts): SignableRequest {
  if (rawBody === undefined && announcesBody(rawHeaders)) throw refusedCredential('INVALID_SIGNATURE', 'body_not_kept');
  return { method, target, body: rawBody };
}

/** RFC 9112 §6.3. */
function announcesBody(rawHeaders: readonly string[]): boolean {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase();
    if (name === 'transfer-encoding' || (name === 'content-length' && Number(rawHeaders[at + 1]) !== 0)) return true;
  }
  return false;
}
