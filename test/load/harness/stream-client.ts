import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { ANY_MARK } from './bench-event.ts';
import { RunFailed } from './row.ts';

export interface StreamTarget {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answered request whose body is still to be read. */
export interface OpenStream {
  readonly body: IncomingMessage;
  /** When the request was written. */
  readonly sentAt: number;
  /** Hangs up; resolves when the socket is gone. */
  close(): Promise<void>;
}

/** Connects first, so that only the request itself is timed. */
export async function openStream({ port, path, headers }: StreamTarget): Promise<OpenStream> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  const sentAt = performance.now();
  const call = request({ createConnection: () => socket, path, headers: { host: '127.0.0.1', ...headers } }).end();
  const body = await answerOf(call);
  if (body.statusCode !== 200) {
    const text = (await body.setEncoding('utf8').toArray()).join('');
    throw new RunFailed(`${path} was answered with ${body.statusCode}: ${text.slice(0, 2_000)}`);
  }
  const close = async (): Promise<void> => {
    if (socket.closed) return;
    socket.destroy();
    await once(socket, 'close');
  };
  return { body, sentAt, close };
}

async function answerOf(call: ClientRequest): Promise<IncomingMessage> {
  const [body] = (await once(call, 'response')) as [IncomingMessage];
  return body;
}

export interface Received {
  readonly bytes: Buffer;
  /** When the first bytes came. */
  readonly firstAt: number;
  /** When the last event of the bench came. */
  readonly lastEventAt: number;
}

/** Reads to the end, or until `mark` has come. */
export async function receive({ body }: OpenStream, mark: Buffer | undefined): Promise<Received> {
  const chunks: Buffer[] = [];
  let firstAt = 0;
  let lastEventAt = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const now = performance.now();
    if (chunks.length === 0) firstAt = now;
    if (chunk.includes(ANY_MARK)) lastEventAt = now;
    const before = chunks.at(-1)?.subarray(-LONGEST_MARK) ?? NOTHING;
    chunks.push(chunk);
    if (mark !== undefined && holds(before, chunk, mark)) break;
  }
  return { bytes: Buffer.concat(chunks), firstAt, lastEventAt };
}

const NOTHING = Buffer.alloc(0);
const LONGEST_MARK = 32;

/** Whether `chunk` completes `mark`, which may have begun in the bytes before. */
const holds = (before: Buffer, chunk: Buffer, mark: Buffer): boolean =>
  chunk.includes(mark) || Buffer.concat([before, chunk.subarray(0, LONGEST_MARK)]).includes(mark);
