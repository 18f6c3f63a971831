import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { type Call } from './requests.ts';
import { RunFailed } from './row.ts';

/** One chat completion as it was streamed to its caller. */
export interface Streamed {
  /** From the request written to the first word read, ms. */
  readonly firstMs: number;
  /** Longest time without a byte between the first word and the last, ms. */
  readonly longestGapMs: number;
  readonly words: number;
}

/** What the fixed model says again and again; several may come in one event. */
const WORD = 'harbour ';

/** Asks for a stream on a connection of its own and reads it to its end. */
export async function streamChat(port: number, { method, path, headers, body }: Call): Promise<Streamed> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  try {
    const sentAt = performance.now();
    const length = { 'content-length': Buffer.byteLength(body) };
    const options = { method, path, headers: { host: '127.0.0.1', ...headers, ...length } };
    const call = request({ createConnection: () => socket, ...options }).end(body);
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    if (answer.statusCode !== 200) throw new RunFailed(`${path} was answered with ${answer.statusCode}`);
    return await read(answer.setEncoding('utf8'), sentAt);
  } finally {
    socket.destroy();
  }
}

async function read(answer: IncomingMessage, sentAt: number): Promise<Streamed> {
  let firstAt = 0;
  let lastAt = 0;
  let longestGapMs = 0;
  let words = 0;
  let rest = '';
  for await (const text of answer as AsyncIterable<string>) {
    const now = performance.now();
    const pieces = (rest + text).split(WORD);
    rest = (pieces.at(-1) ?? '').slice(-WORD.length);
    if (pieces.length === 1) continue;
    if (firstAt === 0) firstAt = now;
    else longestGapMs = Math.max(longestGapMs, now - lastAt);
    lastAt = now;
    words += pieces.length - 1;
  }
  if (words === 0) throw new RunFailed('A stream without a word');
  return { firstMs: firstAt - sentAt, longestGapMs, words };
}
