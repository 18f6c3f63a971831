import { createHmac } from 'node:crypto';
import { canonicalRequest, generateNonce, sign } from '#libs/signing/index.js';
import { type RawAnswer, speak } from './raw-http.ts';

/** The environment of a service that knows {@link SECRET}, and counts nobody's requests. */
export const SECRET = 'signed-request-tests-7Jq2mZr9Xw4Tn6Vb8Lc3';
export const SIGNING_ENV = {
  HMAC_SECRET: SECRET,
  HMAC_TENANT: 'acme',
  HMAC_ROLES: 'admin',
  RATE_LIMIT_RPM: '1000000',
  FLOOD_LIMIT_RPM: '1000000',
} as const;

/** A body that `POST /v1/keys` takes. */
export const BODY = '{"name":"victim","kind":"api","roles":["user"]}';

export type Header = readonly [name: string, value: string];

/** A request as it stands on the wire, before anybody made it neat. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  /** Characters are bytes (Latin-1). */
  readonly body: string;
}

export interface Signing {
  readonly method?: string;
  readonly target?: string;
  readonly body?: string;
  readonly secret?: string;
  readonly keyId?: string;
  readonly prefix?: string;
  readonly nonce?: string;
  /** Unix ms. */
  readonly timestamp: number;
}

const LIMIT_MS = 10_000;
/** Hardly a request here is shorter than it says: what is silent for a while is being answered. */
const SILENCE_MS = 2_000;

/** A well signed `POST /v1/keys?round=1`, unless told otherwise. */
export function signedRequest(options: Signing): WireRequest {
  const {
    method = 'POST',
    target = '/v1/keys?round=1',
    body = BODY,
    secret = SECRET,
    prefix = 'X-Countersign',
  } = options;
  const { timestamp, nonce = generateNonce(), keyId } = options;
  const signature = sign({ method, target, body: Buffer.from(body, 'latin1') }, secret, { timestamp, nonce });
  const headers: Header[] = [
    [`${prefix}-Signature`, signature],
    [`${prefix}-Timestamp`, String(timestamp)],
    [`${prefix}-Nonce`, nonce],
  ];
  return {
    method,
    target,
    body,
    headers: keyId === undefined ? headers : [...headers, [`${prefix}-Key-Id`, keyId]],
  };
}

/** The same in the form without timestamp and nonce. */
export function legacyRequest({
  method = 'POST',
  target = '/v1/keys',
  body = BODY,
  secret = SECRET,
}: Omit<Signing, 'timestamp'>) {
  const text = canonicalRequest({ method, target, body: Buffer.from(body, 'latin1') }, undefined);
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  return { method, target, body, headers: [['X-Countersign-Signature', signature]] } satisfies WireRequest;
}

export const headerOf = ({ headers }: WireRequest, name: string): string =>
  headers.find(([each]) => each.toLowerCase().endsWith(name))?.[1] ?? '';

/** With one header replaced, or taken away. `name` is the end of its name, in lower case. */
export const withHeader = (request: WireRequest, name: string, value: string | undefined): WireRequest => ({
  ...request,
  headers: request.headers.flatMap(([each, old]): Header[] => {
    if (!each.toLowerCase().endsWith(name)) return [[each, old]];
    return value === undefined ? [] : [[each, value]];
  }),
});

/** With further headers at the end. */
export const withMore = (request: WireRequest, ...more: readonly Header[]): WireRequest => ({
  ...request,
  headers: [...request.headers, ...more],
});

/** The body in chunks of one size, and the header that says so. */
export const chunked = (request: WireRequest, size: number): WireRequest => {
  const pieces = request.body.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  const body = [...pieces, ''].map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('');
  return { ...withMore(request, ['Transfer-Encoding', 'chunked']), body };
};

export interface Answer extends RawAnswer {
  /** Of a refusal. */
  readonly code: string | undefined;
}

/** Sends exactly this, adding a host, a type and a length only where none was given. */
export async function send(port: number, { method, target, headers, body }: WireRequest): Promise<Answer> {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const framed = names.has('content-length') || names.has('transfer-encoding');
  const own: readonly Header[] = [
    ...(names.has('host') ? [] : [['Host', 'api.test'] as const]),
    ['Connection', 'close'],
    ...(body === '' ? [] : [['Content-Type', 'application/json'] as const]),
    ...(framed || body === '' ? [] : [['Content-Length', String(body.length)] as const]),
  ];
  const lines = [...own, ...headers].map(([name, value]) => `${name}: ${value}`);
  const answer = await speak(
    port,
    [`${method} ${target} HTTP/1.1`, ...lines, '', body].join('\r\n'),
    LIMIT_MS,
    SILENCE_MS,
  );
  return { ...answer, code: codeOf(answer.body) };
}

/**
 * Sends it through a client that waits as long as it takes: of many at the same moment, some are answered late.
 *
 * @returns the code of a refusal, the status of anything else
 */
export async function outcomeOf(port: number, { method, target, headers, body }: WireRequest): Promise<string> {
  const json: readonly Header[] = body === '' ? [] : [['Content-Type', 'application/json']];
  const response = await fetch(`http://127.0.0.1:${port}${target}`, {
    method,
    headers: [...json, ...headers].map(([name, value]): [string, string] => [name, value]),
    ...(body === '' ? {} : { body: Buffer.from(body, 'latin1') }),
  });
  return codeOf(await response.text()) ?? String(response.status);
}

function codeOf(body: string): string | undefined {
  return /"code":"([A-Z_]+)"/.exec(body)?.[1];
}
