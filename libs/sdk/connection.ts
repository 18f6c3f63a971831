import { AbortError, ConnectionError, CountersignError, TimeoutError } from './errors.js';
import type { Fetch, Time } from './platform.js';

/** An answer whose body is still to be read. */
export interface Exchange {
  readonly connection: Connection;
  readonly response: Response;
}

/** One exchange on the wire. It ends when the caller's signal aborts, when an expected sign of life does not come, or by {@link close}. */
export class Connection {
  private readonly controller = new AbortController();
  private disarm: () => void = () => undefined;

  constructor(
    private readonly time: Time,
    private readonly caller: AbortSignal | undefined,
  ) {
    if (caller?.aborted === true) this.callerAborted();
    else caller?.addEventListener('abort', this.callerAborted);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why it ended before its time; `undefined` while it lives and after {@link close}. */
  get fault(): CountersignError | undefined {
    const reason: unknown = this.signal.reason;
    return reason instanceof CountersignError ? reason : undefined;
  }

  /** Ends the exchange unless {@link calm} or another expectation comes first. */
  expectWithin(ms: number): void {
    this.disarm();
    this.disarm = this.time.after(ms, () => this.controller.abort(new TimeoutError(ms)));
  }

  calm(): void {
    this.disarm();
  }

  close(): void {
    this.disarm();
    this.caller?.removeEventListener('abort', this.callerAborted);
    this.controller.abort();
  }

  /** The head of the answer. Ends on time even if the given `fetch` ignores its signal. */
  async fetch(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
    const ended = new Promise<never>((_, reject) => {
      const end = (): void => reject(this.signal.reason);
      if (this.signal.aborted) end();
      else this.signal.addEventListener('abort', end, { once: true });
    });
    try {
      return await Promise.race([ended, fetch(url, { ...init, signal: this.signal })]);
    } catch (cause) {
      throw this.fault ?? new ConnectionError('The service could not be reached', cause);
    }
  }

  /**
   * The bytes of an answer. Leaving the loop closes the connection.
   *
   * @param idleMs longest silence between two pieces; `undefined`: no bound of its own
   */
  async *chunks(body: ReadableStream<Uint8Array> | null, idleMs: number | undefined): AsyncGenerator<Uint8Array> {
    if (body === null) return this.close();
    const reader = body.getReader();
    const hangUp = (): void => void reader.cancel().catch(() => undefined);
    if (this.signal.aborted) hangUp();
    else this.signal.addEventListener('abort', hangUp, { once: true });
    try {
      for (;;) {
        if (idleMs !== undefined) this.expectWithin(idleMs);
        const chunk = await this.next(reader);
        if (idleMs !== undefined) this.calm();
        if (chunk === undefined) return;
        yield chunk;
      }
    } finally {
      this.close();
    }
  }

  private async next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
    try {
      const { done, value } = await reader.read();
      if (this.fault !== undefined) throw this.fault;
      return done ? undefined : value;
    } catch (cause) {
      throw this.fault ?? new ConnectionError('The answer broke off', cause);
    }
  }

  private readonly callerAborted = (): void => {
    this.controller.abort(new AbortError(this.caller?.reason));
  };
}
