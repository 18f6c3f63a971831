import type { Dispatcher } from 'undici';
import { AppError, type Clock } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import { saysWhy, statusError, type UpstreamHeaders } from './upstream-status.policy.js';

/** How long a finished answer may keep its connection busy before the connection is given up. */
const LINGER_MS = 1_000;
/** More than this is not taken from a connection whose bytes nobody reads. */
const MOST_HELD_BYTES = 65_536;
/** More than this is not read of why a request was not taken. */
const MOST_WHY_BYTES = 16_384;

/** What is taken for an answer. */
interface Expected {
  /** Media types. */
  readonly accept: readonly string[];
  readonly maxBytes: number;
}

/**
 * The body of the answer to one request, as the dispatcher hears it: checked, and kept for one reader who takes it at
 * their own pace. What its callbacks throw ends the request in that error.
 */
export class UpstreamBody implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private chunks: Uint8Array[] = [];
  private held = 0;
  private size = 0;
  private state: 'open' | 'released' | 'ended' = 'open';
  private failure: Error | undefined;
  private type: string | undefined;
  /** Of an answer without success whose body tells why: what it means. */
  private meaning: ((body: string) => Error) | undefined;
  private wake: () => void = () => undefined;
  private stopLingering: () => void = () => undefined;

  /**
   * @param signal aborts with the error that reading is to end in
   * @param done is called when the whole answer has come, and its connection may carry another
   */
  constructor(
    private readonly expected: Expected,
    signal: AbortSignal,
    private readonly clock: Clock,
    private readonly done: () => void,
  ) {
    signal.addEventListener('abort', () => this.fail(signal.reason), { once: true });
  }

  /**
   * The media type, once it is told.
   *
   * @throws {UpstreamError} as `next`
   */
  async mediaType(): Promise<string> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      if (this.type !== undefined) return this.type;
      await this.woken();
    }
  }

  /**
   * The bytes that came since; `undefined` at the end.
   *
   * @throws {UpstreamError} for an answer that is none, too long or cut off; the error the call ended in, when it ended
   */
  async next(): Promise<Uint8Array | undefined> {
    while (this.chunks.length === 0 || this.meaning !== undefined) {
      if (this.failure !== undefined) throw this.failure;
      if (this.state === 'ended') return undefined;
      await this.woken();
    }
    const [first, ...others] = this.chunks;
    const bytes = others.length === 0 ? first : Buffer.concat(this.chunks);
    this.drop();
    this.controller?.resume();
    return bytes;
  }

  /** Nothing that follows matters: the connection may be used again once the upstream has ended its answer. */
  release(): void {
    if (this.state === 'ended' || this.failure !== undefined) return;
    this.state = 'released';
    this.stopLingering = this.clock.after(LINGER_MS, () => this.fail(new AppError('CANCELLED')));
    this.drop();
    this.controller?.resume();
  }

  /** Closes the connection, unless the answer has ended or is released. */
  leave(): void {
    if (this.state === 'open') this.fail(new AppError('CANCELLED'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // The call ended before there was a connection.
    if (this.failure !== undefined) controller.abort(this.failure);
  }

  onResponseStart(_controller: unknown, status: number, headers: UpstreamHeaders): void {
    const informational = status < 200;
    if (informational) return;
    if (status > 299) this.refuse(status, headers);
    else this.check(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.state === 'released') return;
    this.size += chunk.length;
    if (this.meaning !== undefined && this.size > MOST_WHY_BYTES) throw this.meaning('');
    if (this.size > this.expected.maxBytes) throw new UpstreamError('malformed', 'The model answered with too much');
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.meaning !== undefined) return;
    if (this.held >= MOST_HELD_BYTES) controller.pause();
    this.wake();
  }

  onResponseEnd(): void {
    this.state = 'ended';
    this.stopLingering();
    this.failure ??= this.meaning?.(Buffer.concat(this.chunks).toString());
    this.done();
    this.wake();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.failure ??= this.meaning?.('') ?? inOurWords(error);
    this.stopLingering();
    this.wake();
  }

  private check(status: number, headers: UpstreamHeaders): void {
    const [header = ''] = [headers['content-type']].flat();
    const [type = ''] = header.split(';');
    const told = type.trim().toLowerCase();
    const plain = (headers['content-encoding'] ?? 'identity') === 'identity';
    if (!this.expected.accept.includes(told) || !plain)
      throw new UpstreamError('malformed', 'The model answered in another format', { status });
    this.type = told;
    this.wake();
  }

  private refuse(status: number, headers: UpstreamHeaders): void {
    const now = this.clock.now();
    if (!saysWhy(status)) throw statusError(status, headers, now);
    this.meaning = (body) => statusError(status, headers, now, body);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.drop();
    this.controller?.abort(error);
    this.wake();
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private drop(): void {
    this.chunks = [];
    this.held = 0;
  }
}

/** A broken connection, told in our words. What is ours already passes. */
function inOurWords(error: Error): Error {
  if (error instanceof AppError || !('code' in error)) return error;
  return new UpstreamError('network', 'The connection to the model broke', { cause: error.code });
}
