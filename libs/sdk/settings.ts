import { hostFetch, hostTime } from './adapters/web-platform.js';
import type { Fetch, Time } from './platform.js';

/**
 * What becomes of an answer whose `<prefix>-Response-Hash` is missing: `when-present` takes it as it is, `required` refuses it.
 * A hash that does not match is refused by both; `off` looks at none. Streams have their receipt instead.
 *
 * The hash finds damage, and changes by whoever leaves the hash as it was. It is not a signature: TLS protects the way.
 */
export type ResponseVerification = 'when-present' | 'required' | 'off';

/** How long a broken stream is tried to be resumed, and when silence counts as broken. */
export interface ReconnectOptions {
  /** Failed attempts in a row, without a new event in between; 10. */
  readonly maxAttempts?: number;
  /** Time without a new event since the stream broke, ms; 300000. */
  readonly maxOutageMs?: number;
  /** Silence after which a connection counts as dead, ms; 30000. The service sends a heartbeat every 10 s. */
  readonly idleTimeoutMs?: number;
}

export interface ClientOptions {
  /** E.g. `https://countersign.example.com`. A path is kept: requests go below it. */
  readonly baseURL: string;
  /** Sent as a bearer credential: an API key, or a JWT. Either this or `hmacSecret`. */
  readonly apiKey?: string;
  /** Signs every request instead; it is never sent. On servers only. */
  readonly hmacSecret?: string;
  /** Which key `hmacSecret` belongs to; the service's own `HMAC_SECRET` when left out. */
  readonly keyId?: string;
  /** Replaces the global `fetch`: proxies, tests, other transports. */
  readonly fetch?: Fetch;
  /** Longest wait for the whole answer of one attempt, ms; 180000. Of a stream: for its first byte. */
  readonly timeoutMs?: number;
  /** Further attempts after the first; 2. */
  readonly maxRetries?: number;
  /** Prefix of the service's own headers; `X-Countersign`. */
  readonly headerPrefix?: string;
  /** Whether answers are compared with their hash; `when-present`, because proxies remove headers they do not know. */
  readonly verifyResponses?: ResponseVerification;
  readonly reconnect?: ReconnectOptions;
  /** Replaces clock, timers and randomness, for tests. */
  readonly time?: Time;
}

/** Options, checked and completed. */
export interface Settings {
  readonly baseURL: URL;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly headerPrefix: string;
  readonly verifyResponses: ResponseVerification;
  readonly reconnect: Required<ReconnectOptions>;
  readonly time: Time;
}

const DEFAULT_TIMEOUT_MS = 180_000;
const DEFAULT_RETRIES = 2;
const VERIFICATIONS: ReadonlySet<string> = new Set<ResponseVerification>(['when-present', 'required', 'off']);
const DEFAULT_RECONNECT = { maxAttempts: 10, maxOutageMs: 300_000, idleTimeoutMs: 30_000 } as const;

/** @throws {TypeError} naming the option; never its value */
export function completeSettings(options: ClientOptions): Settings {
  if (globalThis.crypto?.subtle === undefined) {
    throw new TypeError('WebCrypto is not available here: browsers offer it on HTTPS pages and localhost only');
  }
  return {
    baseURL: baseOf(options.baseURL),
    fetch: options.fetch ?? hostFetch,
    timeoutMs: positive('timeoutMs', options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    maxRetries: count('maxRetries', options.maxRetries ?? DEFAULT_RETRIES),
    headerPrefix: prefixOf(options.headerPrefix ?? 'X-Countersign'),
    verifyResponses: verificationOf(options.verifyResponses ?? 'when-present'),
    reconnect: completeReconnect(options.reconnect ?? {}),
    time: options.time ?? hostTime,
  };
}

function completeReconnect(given: ReconnectOptions): Required<ReconnectOptions> {
  return {
    maxAttempts: count('reconnect.maxAttempts', given.maxAttempts ?? DEFAULT_RECONNECT.maxAttempts),
    maxOutageMs: positive('reconnect.maxOutageMs', given.maxOutageMs ?? DEFAULT_RECONNECT.maxOutageMs),
    idleTimeoutMs: positive('reconnect.idleTimeoutMs', given.idleTimeoutMs ?? DEFAULT_RECONNECT.idleTimeoutMs),
  };
}

function baseOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TypeError('baseURL must be an http or https URL without credentials');
  }
  return new URL(url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`, url.origin);
}

function prefixOf(text: string): string {
  if (!/^X-[A-Za-z0-9-]{1,32}$/.test(text)) throw new TypeError('headerPrefix must begin with X- and be a header name');
  return text;
}

function verificationOf(word: ResponseVerification): ResponseVerification {
  if (VERIFICATIONS.has(word)) return word;
  throw new TypeError(`verifyResponses must be one of ${[...VERIFICATIONS].join(', ')}`);
}

function positive(name: string, value: number): number {
  if (!Number.isFinite(value) || value <= 0) throw new TypeError(`${name} must be more than 0`);
  return value;
}

function count(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0) throw new TypeError(`${name} must be a whole number, 0 or more`);
  return value;
}
