/** One event of a stream's log, as it was hashed. `data` is the text after `data: `. */
export interface StreamEvent {
  readonly seq: number;
  readonly event: string;
  readonly data: string;
}

const utf8 = new TextEncoder();

/** What an event adds to the hash: every implementation hashes these bytes behind the 32 bytes of the hash before. */
export const hashedText = ({ seq, event, data }: StreamEvent): string => `${seq}\n${event}\n${data}`;

/** The text a receipt's signature covers. */
export const signedText = (streamId: string, count: number, root: string): string => `${streamId}\n${count}\n${root}`;

/** `h0`: SHA-256 of the stream id. */
export const initialHash = (streamId: string): Promise<Uint8Array> => sha256(utf8.encode(streamId));

/** `hn` from `hn-1` and event n, with WebCrypto: for browsers and other places without a synchronous hash. */
export function extendHash(previous: Uint8Array, event: StreamEvent): Promise<Uint8Array> {
  const text = utf8.encode(hashedText(event));
  const bytes = new Uint8Array(previous.length + text.length);
  bytes.set(previous);
  bytes.set(text, previous.length);
  return sha256(bytes);
}

/** Lower-case hex. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
