import { Connection, type Exchange } from './connection.js';
import type { Credential } from './credential.js';
import { AbortError, CountersignError, type ErrorCode } from './errors.js';
import { pause } from './platform.js';
import { errorOfResponse } from './problem-error.policy.js';
import { readVerified } from './response-body.js';
import { backOffMs, decideRetry, REQUEST_BACK_OFF } from './retry.policy.js';
import { shouldRetryOf } from './retry-after.policy.js';
import type { Settings } from './settings.js';

/** What every call takes beside its own input. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** In place of the client's. */
  readonly timeoutMs?: number | undefined;
  /** In place of the client's. */
  readonly maxRetries?: number | undefined;
  /**
   * Names a call that must not be carried out twice: whoever sends it again under this name within 24 hours, also from another
   * process, gets the first answer. A new one for each call when left out; 1 to 255 visible ASCII characters.
   */
  readonly idempotencyKey?: string | undefined;
}

/** One request as a resource describes it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base URL, without a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** `safe`: doing it twice is doing it once. `keyed`: it is with an idempotency key, which is sent with it. */
  readonly repeat: 'safe' | 'keyed';
}

type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CountersignError; readonly shouldRetry: boolean | undefined };

/** Sends requests: credentials, timeouts, repeats, errors. Knows no route. */
export class Transport {
  readonly #credential: Credential;

  constructor(
    readonly settings: Settings,
    credential: Credential,
  ) {
    this.#credential = credential;
  }

  /** The body as JSON, verified. Its shape is believed: the service validates what it sends. */
  async json<T>(call: Call, options: RequestOptions): Promise<T> {
    const text = await this.run(call, options, (exchange) => readVerified(exchange, this.settings));
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new CountersignError({ code: 'UNEXPECTED_RESPONSE', message: 'The answer is not JSON', cause });
    }
  }

  /** The head of an event stream; the caller reads it at once, and closes it. */
  stream(call: Call, options: RequestOptions): Promise<Exchange> {
    const headers = { ...call.headers, accept: 'text/event-stream' };
    return this.run({ ...call, headers }, options, async (exchange) => {
      const type = exchange.response.headers.get('content-type') ?? '';
      if (/^text\/event-stream\b/i.test(type)) return exchange;
      throw new CountersignError({ code: 'UNEXPECTED_RESPONSE', message: 'The answer is not an event stream' });
    });
  }

  private async run<T>(call: Call, options: RequestOptions, read: (exchange: Exchange) => Promise<T>): Promise<T> {
    const { time, maxRetries, timeoutMs } = this.settings;
    const named = { ...call, headers: { ...call.headers, ...idempotencyKey(call, options) } };
    const patientUntil = time.now() + (options.timeoutMs ?? timeoutMs);
    let before: ErrorCode | undefined;
    for (let attempt = 1; ; ) {
      const outcome = await this.attempt(named, options, read);
      if (outcome.ok) return outcome.value;
      const decision = decideRetry({ ...outcome, before });
      before = outcome.error.code;
      // Our own lost attempt still runs: to ask for its answer is not another one.
      const waits = attempt > 1 && outcome.error.code === 'IDEMPOTENCY_IN_PROGRESS' && time.now() < patientUntil;
      if (!decision.retry || (!waits && attempt > (options.maxRetries ?? maxRetries))) throw outcome.error;
      const waitMs = decision.waitMs ?? backOffMs(REQUEST_BACK_OFF, attempt, time.random());
      if (!waits) attempt += 1;
      await pause(time, waitMs, options.signal);
      if (options.signal?.aborted === true) throw new AbortError(options.signal.reason);
    }
  }

  private async attempt<T>(
    call: Call,
    options: RequestOptions,
    read: (exchange: Exchange) => Promise<T>,
  ): Promise<Attempt<T>> {
    const { fetch, time, timeoutMs } = this.settings;
    const connection = new Connection(time, options.signal);
    try {
      connection.expectWithin(options.timeoutMs ?? timeoutMs);
      const url = this.urlOf(call);
      const response = await connection.fetch(fetch, url.href, await this.initOf(call, url));
      if (response.ok) return { ok: true, value: await read({ connection, response }) };
      return await this.refusal({ connection, response });
    } catch (error) {
      connection.close();
      if (error instanceof CountersignError) return { ok: false, error, shouldRetry: undefined };
      throw error;
    }
  }

  private async refusal(exchange: Exchange): Promise<Attempt<never>> {
    const { status, headers } = exchange.response;
    const text = await readVerified(exchange, this.settings);
    const error = errorOfResponse({ status, headers, text, now: this.settings.time.now() });
    return { ok: false, error, shouldRetry: shouldRetryOf(headers) };
  }

  private urlOf({ path, query = {} }: Call): URL {
    const url = new URL(path, this.settings.baseURL);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  /** No redirect is followed: it could carry a resume token to another host. */
  private async initOf({ method, headers, body }: Call, url: URL): Promise<RequestInit> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const json = text === undefined ? {} : { 'content-type': 'application/json' };
    const proof = await this.#credential({ method, url, body: text });
    return {
      method,
      headers: { accept: 'application/json', ...json, ...headers, ...proof },
      redirect: 'error',
      credentials: 'omit',
      ...(text === undefined ? {} : { body: text }),
    };
  }
}

/** The same for every attempt of one call. */
const idempotencyKey = ({ repeat }: Call, options: RequestOptions): Readonly<Record<string, string>> =>
  repeat === 'keyed' ? { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() } : {};

/**
 * An id as a part of a path. Ids are letters, digits, `_` and `-`: anything else, `..` above all, would name another route.
 *
 * @throws {TypeError}
 */
export function pathId(id: string): string {
  if (typeof id === 'string' && /^[A-Za-z0-9_-]{1,128}$/.test(id)) return id;
  throw new TypeError('An id consists of letters, digits, _ and -');
}
