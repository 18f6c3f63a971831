import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import type { Clock, Log } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import { Answer } from './answer.js';
import type { AnswerReading } from './answer-reading.js';
import { HttpUpstream } from './http-upstream.js';
import type { UpstreamCall } from './upstream-call.js';
import type { UpstreamSettings } from './upstream-settings.js';
import { retryDelay } from './upstream-status.policy.js';

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

  /** An answer that has begun. @param reading makes what reads the stream of one answer */
  stream(path: string, payload: unknown, reading: () => AnswerReading, call: UpstreamCall): Promise<Answer> {
    const { firstTokenMs, idleMs } = this.settings;
    return this.retrying(call, () => {
      const body = this.upstream.post(path, payload, 'text/event-stream', call);
      const answer = new Answer(body, reading(), call, idleMs);
      return call.within(firstTokenMs, answer.begin());
    });
  }

  /** The JSON text of an answer that comes in one piece. */
  json(path: string, payload: unknown, call: UpstreamCall): Promise<string> {
    const { firstTokenMs, idleMs } = this.settings;
    return this.retrying(call, async () => {
      const body = this.upstream.post(path, payload, 'application/json', call);
      const chunks: Uint8Array[] = [];
      for (;;) {
        const bytes = await call.within(chunks.length === 0 ? firstTokenMs : idleMs, body.next());
        if (bytes === undefined) return Buffer.concat(chunks).toString();
        chunks.push(bytes);
      }
    });
  }

  private async retrying<T>(call: UpstreamCall, attempt: () => Promise<T>): Promise<T> {
    let backoff: IBackoff<unknown> | undefined;
    for (let retries = 0; ; retries++) {
      try {
        return await attempt();
      } catch (error) {
        backoff = backoff?.next(undefined) ?? this.firstBackoff();
        const delay = retryDelay(error, retries, backoff.duration);
        if (delay === undefined || call.signal.aborted) throw error;
        this.noteRetry(error);
        await call.sleep(delay);
      }
    }
  }

  private firstBackoff(): IBackoff<unknown> {
    return new ExponentialBackoff({ initialDelay: this.settings.retryBaseMs, maxDelay: 5_000 }).next();
  }

  private noteRetry(error: unknown): void {
    const { fault, status } = error instanceof UpstreamError ? error : { fault: undefined, status: undefined };
    this.log.info({ provider: this.name, fault, status }, 'model.call_retried');
  }
}
