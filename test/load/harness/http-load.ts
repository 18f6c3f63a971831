import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { quantile } from './numbers.ts';
import type { Requests } from './requests.ts';
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
  /** What to send now; `undefined` ends the connection's part in the slice. */
  readonly next: () => Buffer | undefined;
  /** Told the latency of each answer. */
  readonly answered: (milliseconds: number) => void;
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
    const request = this.parts.next();
    if (request === undefined) return;
    this.sentAt = performance.now();
    this.parts.socket.write(request);
  }

  close(): void {
    this.parts.socket.removeAllListeners('end').destroy();
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
    this.parts.answered(performance.now() - this.sentAt);
    this.send();
  }
}

export interface LoadFigures {
  readonly answers: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadTarget {
  readonly port: number;
  readonly connections: number;
  readonly requests: Requests;
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
  private lastAt = 0;
  private finish: (error?: Error) => void = () => undefined;

  private readonly requests: Requests;

  private constructor(requests: Requests) {
    this.requests = requests;
  }

  static async open({ port, connections, requests }: LoadTarget): Promise<HttpLoad> {
    const load = new HttpLoad(requests);
    const sockets = await Promise.all(Array.from({ length: connections }, () => dial(port)));
    const next = (): Buffer | undefined => load.next();
    const answered = (ms: number): void => {
      load.latencies.push(ms);
      load.lastAt = performance.now();
    };
    const failed = (error: Error): void => load.finish(error);
    load.callers = sockets.map((socket) => new Caller({ socket, next, answered, failed }));
    return load;
  }

  /** Resolves when the time is over or the requests are used up, and every request that was sent is answered. */
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
    const seconds = (this.lastAt - begin) / 1_000;
    const { latencies } = this;
    return { answers: latencies.length, seconds, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
  }

  /** Ends the slice with what was answered. */
  giveUp(): void {
    this.finish();
  }

  /** Hangs up. */
  close(): void {
    for (const caller of this.callers) caller.close();
  }

  /**
   * A sender that sleeps has to be woken by each answer, and the server pays for that inside its `write`: on a virtual
   * machine as much as for half of a bare request, and only if it is slower than the sender.
   */
  private readonly stayAwake = (): void => {
    if (this.busy) setImmediate(this.stayAwake);
  };

  private next(): Buffer | undefined {
    const request = performance.now() < this.deadline ? this.requests.next() : undefined;
    if (request !== undefined) return request;
    this.underWay -= 1;
    if (this.underWay === 0) this.finish();
    return undefined;
  }
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
