import { connect } from 'node:net';

/** What came back on a connection of its own. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Every byte, as Latin-1. */
  readonly text: string;
  /** The server closed the connection before the time was over. */
  readonly closed: boolean;
}

/** Silence after which a request is taken to be as long as it will get, ms. A busy server may need longer for an answer. */
const SILENCE_MS = 250;

/**
 * Sends bytes, and says that there are no more once nothing comes back for a while: a server takes the end of a request's
 * connection for a caller that went away. Reads until the server closes, for at most `limitMs`.
 */
export async function speak(
  port: number,
  bytes: string | Uint8Array,
  limitMs: number,
  silenceMs = SILENCE_MS,
): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const chunks: Buffer[] = [];
  const over = Promise.withResolvers<boolean>();
  const limit = setTimeout(() => over.resolve(false), limitMs);
  const silence = setTimeout(() => socket.end(), silenceMs);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    silence.refresh();
  });
  socket.on('error', () => over.resolve(true));
  socket.on('end', () => over.resolve(true));
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  const closed = await over.promise;
  clearTimeout(limit);
  clearTimeout(silence);
  socket.destroy();
  return { ...parse(Buffer.concat(chunks).toString('latin1')), closed };
}

/** The first answer of possibly several. */
function parse(text: string): Omit<RawAnswer, 'closed'> {
  const at = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = (at < 0 ? text : text.slice(0, at)).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const rest = at < 0 ? '' : text.slice(at + 4);
  const length = headers['content-length'];
  const body = length === undefined ? rest : rest.slice(0, Number(length));
  return { status: Number(first.split(' ')[1]), headers, body, text };
}
