import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { quantile } from './numbers.ts';
import { RunFailed } from './row.ts';

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: (\d+)/i;

/** Where a complete answer at the start of these bytes ends; `undefined` when more must come. */
function endOfAnswer(bytes: Buffer): number | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  if (head.charCodeAt(9) !== 0x32) throw new RunFailed(`Not a 2xx answer:\n${bytes.toString('latin1', 0, 2_000)}`);
  const length = LENGTH.exec(head)?.[1];
  if (length === undefined) throw new RunFailed(`An answer without content-length:\n${head}`);
  const end = headEnd + HEAD_END.length + Number(length);
  return bytes.length < end ? undefined : end;
}

interface CallerParts {
  readonly socket: Socket;
  readonly request: Buffer;
  /** Told the latency of each answer; says whether to go on. */
  readonly answered: (milliseconds: number) => boolean;
  readonly failed: (error: Error) => void;
}

/** One connection that has at most one request under way. */
class Caller {
  private readonly parts: CallerParts;
  private pending: Buffer | undefined;
  private sentAt = 0;

  constructor(parts: CallerParts) {
    this.parts = parts;
    const { socket, failed } = parts;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', failed);
    socket.on('end', () => failed(new RunFailed('The server closed a connection')));
  }

  send(): void {
    this.sentAt = performance.now();
    this.parts.socket.write(this.parts.request);
  }

  private receive(chunk: Buffer): void {
    try {
      const bytes = this.pending === undefined ? chunk : Buffer.concat([this.pending, chunk]);
      const end = endOfAnswer(bytes);
      if (end === undefined) {
        this.pending = bytes;
        return;
      }
      if (end !== bytes.length) throw new RunFailed('More bytes than one answer');
      this.pending = undefined;
    } catch (error) {
      this.parts.failed(error instanceof Error ? error : new RunFailed(String(error)));
      return;
    }
    if (this.parts.answered(performance.now() - this.sentAt)) this.send();
  }
}

export interface LoadFigures {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadTarget {
  readonly port: number;
  readonly connections: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Keep-alive load on loopback: a fixed number of connections, each sends its next request when it has the whole answer
 * to the one before. Knows just enough HTTP for that, to cost less than the server it measures.
 */
export class HttpLoad {
  private callers: readonly Caller[] = [];
  private latencies: number[] = [];
  private underWay = 0;
  private busy = false;
  private deadline = 0;
  private finish: (error?: Error) => void = () => undefined;

  private constructor() {}

  static async open(target: LoadTarget): Promise<HttpLoad> {
    const load = new HttpLoad();
    const request = Buffer.from(requestText(target), 'latin1');
    const sockets = await Promise.all(Array.from({ length: target.connections }, () => dial(target.port)));
    const answered = (ms: number): boolean => load.answered(ms);
    const failed = (error: Error): void => load.finish(error);
    load.callers = sockets.map((socket) => new Caller({ socket, request, answered, failed }));
    return load;
  }

  /** Resolves when every request that was sent is answered. */
  async slice(ms: number): Promise<LoadFigures> {
    this.latencies = [];
    const begin = performance.now();
    this.deadline = begin + ms;
    this.underWay = this.callers.length;
    this.busy = true;
    this.stayAwake();
    await new Promise<void>((resolve, reject) => {
      this.finish = (error) => (error === undefined ? resolve() : reject(error));
      for (const caller of this.callers) caller.send();
    }).finally(() => {
      this.busy = false;
    });
    const seconds = (performance.now() - begin) / 1_000;
    const { latencies } = this;
    return { requests: latencies.length, seconds, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
  }

  /**
   * A sender that sleeps has to be woken by each answer, and the server pays for that inside its `write`: on a virtual
   * machine as much as for half of a bare request, and only if it is slower than the sender.
   */
  private readonly stayAwake = (): void => {
    if (this.busy) setImmediate(this.stayAwake);
  };

  /** Whether the connection goes on. */
  private answered(ms: number): boolean {
    this.latencies.push(ms);
    if (performance.now() < this.deadline) return true;
    this.underWay -= 1;
    if (this.underWay === 0) this.finish();
    return false;
  }
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

function requestText({ method, path, headers, body }: LoadTarget): string {
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ host: '127.0.0.1', ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
