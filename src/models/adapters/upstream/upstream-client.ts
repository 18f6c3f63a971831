import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import type { Clock, Log } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import type { AnswerEvent } from './answer-event.js';
import { HttpUpstream } from './http-upstream.js';
import type { UpstreamBody } from './upstream-body.js';
import type { UpstreamCall } from './upstream-call.js';
import type { UpstreamSettings } from './upstream-settings.js';
import { retryDelay } from './upstream-status.policy.js';

/** Reads the stream of one answer. Ends with exactly one `end`, or throws. */
export type AnswerReader = (body: UpstreamBody) => AsyncGenerator<AnswerEvent>;

/** Speaks to an endpoint; tries again as long as nothing of the answer has been seen. */
export class UpstreamClient {
  private readonly upstream: HttpUpstream;

  /** @param name of the provider, for the log */
  constructor(
    private readonly name: string,
    private readonly settings: UpstreamSettings,
    credentials: ConstructorParameters<typeof HttpUpstream>[1],
    clock: Clock,
    private readonly log: Log,
  ) {
    this.upstream = new HttpUpstream(settings, credentials, clock);
  }

  async *stream(path: string, payload: unknown, read: AnswerReader, call: UpstreamCall): AsyncGenerator<AnswerEvent> {
    const begin = async () => {
      const events = read(await this.upstream.post(path, payload, 'text/event-stream', call));
      return { first: await events.next(), rest: events };
    };
    const { first, rest } = await this.retrying(call, () => call.within(this.settings.firstTokenMs, begin()));
    try {
      if (first.done === true) return;
      yield first.value;
      yield* rest;
    } finally {
      await rest.return(undefined);
    }
  }

  /** The JSON text of an answer that comes in one piece. */
  json(path: string, payload: unknown, call: UpstreamCall): Promise<string> {
    return this.retrying(call, async () => {
      const chunks = await Array.fromAsync(await this.upstream.post(path, payload, 'application/json', call));
      return Buffer.concat(chunks).toString();
    });
  }

  private async retrying<T>(call: UpstreamCall, attempt: () => Promise<T>): Promise<T> {
    const { retryBaseMs: initialDelay } = this.settings;
    let backoff: IBackoff<unknown> = new ExponentialBackoff({ initialDelay, maxDelay: 5_000 }).next();
    for (let retries = 0; ; retries++) {
      try {
        return await attempt();
      } catch (error) {
        const delay = retryDelay(error, retries, backoff.duration);
        if (delay === undefined || call.signal.aborted) throw error;
        this.noteRetry(error);
        await call.sleep(delay);
        backoff = backoff.next(undefined);
      }
    }
  }

  private noteRetry(error: unknown): void {
    const { fault, status } = error instanceof UpstreamError ? error : { fault: undefined, status: undefined };
    this.log.info({ provider: this.name, fault, status }, 'model.call_retried');
  }
}
