import { toHex } from '#libs/sse/index.js';
import type { Connection } from './connection.js';
import { CountersignError, ResponseHashError } from './errors.js';

/** More than the service ever sends at once; a bound on what a broken peer can make this process hold. */
const MAX_BODY_BYTES = 67_108_864;

/** A whole body. */
export async function readBytes(connection: Connection, response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of connection.chunks(response.body, undefined)) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw tooLong(response.status);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

const tooLong = (status: number): CountersignError =>
  new CountersignError({ code: 'UNEXPECTED_RESPONSE', message: `The body exceeds ${MAX_BODY_BYTES} bytes`, status });

/**
 * Compares a body with the hash the service sent along (`<prefix>-Response-Hash`), if it did.
 *
 * @throws {ResponseHashError}
 */
export async function verifyResponseHash(bytes: Uint8Array<ArrayBuffer>, expected: string | null): Promise<void> {
  if (expected === null) return;
  const received = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  if (received !== expected.trim().toLowerCase()) throw new ResponseHashError(expected, received);
}
