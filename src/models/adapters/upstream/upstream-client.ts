import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import type { Clock, Log } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import { Answer } from './answer.js';
import type { AnswerEvent, AnswerEvents } from './answer-event.js';
import type { AnswerReading } from './answer-reading.js';
import { HttpUpstream } from './http-upstream.js';
import type { UpstreamBody } from './upstream-body.js';
import type { UpstreamCall } from './upstream-call.js';
import type { UpstreamSettings } from './upstream-settings.js';
import { retryDelay } from './upstream-status.policy.js';

const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream';

/** What reads one answer: as it comes, or all at once. */
export interface Readings {
  readonly stream: () => AnswerReading;
  /** @throws {UpstreamError} */
  readonly whole: (json: string) => readonly AnswerEvent[];
}

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

  /**
   * An answer that has begun, as a stream or in one piece, as the payload asks for it. Until one in one piece begins there is no
   * sign of life, so nothing but the end of the call limits it. Some servers stream whatever they are asked: they are heard as
   * they do.
   */
  answer(
    path: string,
    payload: { readonly stream: boolean },
    readings: Readings,
    call: UpstreamCall,
  ): Promise<AnswerEvents> {
    const accept = payload.stream ? [STREAM_TYPE] : [JSON_TYPE, STREAM_TYPE];
    return this.retrying(call, async () => {
      const body = this.upstream.post(path, payload, accept, call);
      if (payload.stream || (await body.mediaType()) === STREAM_TYPE) return this.begun(body, readings.stream(), call);
      return readings.whole(await textOf(body, call, this.settings));
    });
  }

  /** The JSON text of an answer that comes in one piece. */
  json(path: string, payload: unknown, call: UpstreamCall): Promise<string> {
    return this.retrying(call, async () => {
      const body = this.upstream.post(path, payload, [JSON_TYPE], call);
      await call.within(this.settings.firstTokenMs, body.mediaType());
      return textOf(body, call, this.settings);
    });
  }

  private begun(body: UpstreamBody, reading: AnswerReading, call: UpstreamCall): Promise<Answer> {
    const { firstTokenMs, idleMs } = this.settings;
    return call.within(firstTokenMs, new Answer(body, reading, call, idleMs).begin());
  }

  private async retrying<T>(call: UpstreamCall, attempt: () => Promise<T>): Promise<T> {
    let backoff: IBackoff<unknown> | undefined;
    for (let retries = 0; ; retries++) {
      try {
        return await attempt();
      } catch (error) {
        backoff = backoff?.next(undefined) ?? this.firstBackoff();
        const delay = retryDelay(error, retries, backoff.duration);
        if (delay === undefined || call.signal.aborted)
          throw retries > 0 && error instanceof UpstreamError ? error.lastOfAll : error;
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

/** The rest of a body that has begun. */
async function textOf(body: UpstreamBody, call: UpstreamCall, { idleMs }: UpstreamSettings): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await call.within(idleMs, body.next());
    if (bytes === undefined) return Buffer.concat(chunks).toString();
    chunks.push(bytes);
  }
}
