/** An answer as it was sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` for a stream, and for an answer that is too large to be kept. */
  readonly body: Uint8Array | undefined;
  /** The log that holds the answer, when it is a stream. */
  readonly streamId: string | undefined;
}

/** What belongs to the answer; the rest belongs to the exchange that carried it, and is made anew. */
const KEPT_HEADERS = [
  'content-type',
  'content-disposition',
  'cache-control',
  'x-accel-buffering',
  'x-stream-id',
  'location',
  'upgrade',
  'x-should-retry',
  'deprecation',
];

const OVER_QUOTA = 429;
const CALLER_GONE = 499;
/** Asked for in a form that is not given: nothing ran. */
const OTHER_FORM = 426;
const NOT_LASTING: ReadonlySet<number> = new Set([401, 403, OTHER_FORM, OVER_QUOTA, CALLER_GONE]);

/** Whether asking again would lead to the same answer. If not, nothing is kept, and the key is free again. */
export const isLasting = (status: number): boolean => status < 500 && !NOT_LASTING.has(status);

/** Whether the answer can be given again as it was: a stream from its log, anything else from the record. */
export const isRepeatable = ({ body, streamId }: Answer, maxBytes: number): boolean =>
  streamId !== undefined || (body !== undefined && body.length <= maxBytes);

export function keptHeaders(sent: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept = KEPT_HEADERS.map((name) => [name, sent[name]] as const);
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

const LENGTH_BYTES = 4;

/** Length of the head, head as JSON, body. */
export function encodeAnswer({ status, headers, body, streamId }: Answer, maxBytes: number): Uint8Array {
  const kept = body === undefined || body.length > maxBytes ? undefined : body;
  const head = Buffer.from(JSON.stringify({ status, headers, streamId, whole: kept !== undefined }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, kept ?? Buffer.alloc(0)]);
}

/** Of what {@link encodeAnswer} made. */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const bodyAt = LENGTH_BYTES + buffer.readUInt32BE();
  const head = JSON.parse(buffer.toString('utf8', LENGTH_BYTES, bodyAt)) as Pick<Answer, 'status' | 'headers'> & {
    readonly streamId?: string;
    readonly whole: boolean;
  };
  const { status, headers, streamId, whole } = head;
  return { status, headers, streamId, body: whole ? buffer.subarray(bodyAt) : undefined };
}
