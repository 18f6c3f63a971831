import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import type { Clock, Log } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import type { AnswerEvent } from './answer-event.js';
import { chatEvents } from './chat-stream.js';
import { HttpUpstream } from './http-upstream.js';
import type { OpenAiSettings } from './openai-settings.js';
import type { UpstreamCall } from './upstream-call.js';
import { retryDelay } from './upstream-status.policy.js';

/** Speaks to the endpoint; tries again as long as nothing of the answer has been seen. */
export class OpenAiClient {
  private readonly upstream: HttpUpstream;

  constructor(
    private readonly settings: OpenAiSettings,
    clock: Clock,
    private readonly log: Log,
  ) {
    this.upstream = new HttpUpstream(settings, clock);
  }

  async *chat(payload: unknown, call: UpstreamCall): AsyncGenerator<AnswerEvent> {
    const { first, rest } = await this.retrying(call, async () => {
      const events = chatEvents(await this.upstream.post('/chat/completions', payload, 'text/event-stream', call));
      return { first: await events.next(), rest: events };
    });
    try {
      if (first.done === true) return;
      yield first.value;
      yield* rest;
    } finally {
      await rest.return(undefined);
    }
  }

  /** The JSON text of the answer. */
  embeddings(payload: unknown, call: UpstreamCall): Promise<string> {
    return this.retrying(call, async () => {
      const chunks = await Array.fromAsync(await this.upstream.post('/embeddings', payload, 'application/json', call));
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
    this.log.info({ provider: 'openai', fault, status }, 'model.call_retried');
  }
}
