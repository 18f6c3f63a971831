import type { ClientRequest, IncomingMessage } from 'node:http';
import { AppError, type Clock } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import type { UpstreamCall } from './upstream-call.js';

/** How long a finished answer may keep its connection busy before the connection is given up. */
const LINGER_MS = 1_000;

interface Exchange {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

interface BodyLimits {
  readonly firstTokenMs: number;
  readonly idleMs: number;
  readonly maxResponseBytes: number;
}

/** The bytes of one answer, read at the reader's pace. Leaving early closes the connection, unless released before. */
export class UpstreamBody implements AsyncIterable<Uint8Array> {
  private released = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly limits: BodyLimits,
    private readonly call: UpstreamCall,
    private readonly clock: Clock,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { request, response } = this.exchange;
    try {
      yield* this.read(response.iterator({ destroyOnReturn: false }));
      this.released = true;
    } finally {
      if (!this.released) request.destroy();
    }
  }

  /** Nothing that follows matters: the connection may be used again once the upstream has ended its answer. */
  release(): void {
    this.released = true;
    const { request, response } = this.exchange;
    const giveUp = this.clock.after(LINGER_MS, () => request.destroy());
    response.once('close', giveUp);
    response.resume();
  }

  private async *read(chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
    let size = 0;
    for (;;) {
      const patienceMs = size === 0 ? this.limits.firstTokenMs : this.limits.idleMs;
      const { done, value } = await this.call.within(patienceMs, chunks.next()).catch(lost);
      if (done === true) return;
      size += value.length;
      if (size > this.limits.maxResponseBytes) throw new UpstreamError('malformed', 'The model answered with too much');
      yield value;
    }
  }
}

/** A broken connection, told in our words. What is ours already passes. */
export function lost(error: unknown): never {
  if (error instanceof AppError || typeof error !== 'object' || error === null || !('code' in error)) throw error;
  throw new UpstreamError('network', 'The connection to the model broke', { cause: error.code });
}
