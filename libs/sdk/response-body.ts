import { toHex } from '#libs/sse/index.js';
import type { Connection, Exchange } from './connection.js';
import { CountersignError, ResponseHashError } from './errors.js';
import type { Settings } from './settings.js';

/** More than the service ever sends at once; a bound on what a broken peer can make this process hold. */
const MAX_BODY_BYTES = 67_108_864;

/** A whole body. */
async function readBytes(connection: Connection, response: Response): Promise<Uint8Array<ArrayBuffer>> {
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
 * A whole body as text, compared with the hash the service sent along: `<prefix>-Response-Hash`, the hex SHA-256 of the bytes
 * before any content encoding.
 *
 * @throws {ResponseHashError}
 */
export async function readVerified(
  { connection, response }: Exchange,
  { headerPrefix, verifyResponses }: Pick<Settings, 'headerPrefix' | 'verifyResponses'>,
): Promise<string> {
  const { status, headers } = response;
  const bytes = await readBytes(connection, response);
  const expected = headers.get(`${headerPrefix}-Response-Hash`) ?? undefined;
  if (verifyResponses === 'required' || (verifyResponses === 'when-present' && expected !== undefined)) {
    const received = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
    const requestId = headers.get('x-request-id') ?? undefined;
    if (received !== expected?.trim().toLowerCase()) {
      throw new ResponseHashError(expected, received, { status, requestId });
    }
  }
  return new TextDecoder().decode(bytes);
}
