import type { Caller } from './callers.ts';

/** A request before anybody put a credential on it. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** How far a stream is read: to these words, or its end. Its first part alone when left out. */
  readonly until?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Status, names of headers and body without what is different in every answer. */
  readonly essence: string;
}

/** Longest wait for one answer, ms. */
const LIMIT_MS = 30_000;
const OWN_IDS = /"(request_id|trace_id)":"[^"]*"/g;

/** Sends it over HTTP as this caller. */
export async function exchange(url: string, asked: Asked, as: Caller): Promise<Answer> {
  const { method, target, until = '' } = asked;
  const body = asked.body === undefined ? '' : JSON.stringify(asked.body);
  const abort = new AbortController();
  const response = await fetch(`${url}${target}`, {
    method,
    headers: {
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      ...asked.headers,
      ...as.credentials({ method, target, body }),
    },
    ...(body === '' ? {} : { body }),
    signal: AbortSignal.any([abort.signal, AbortSignal.timeout(LIMIT_MS)]),
  });
  const { status, headers } = response;
  const text = isStream(headers) ? await readUntil(response, until) : await response.text();
  abort.abort();
  const names = [...headers.keys()].sort().join(' ');
  return { status, headers, text, essence: `${status} ${names} ${text.replaceAll(OWN_IDS, '"$1":""')}` };
}

const isStream = (headers: Headers): boolean => headers.get('content-type')?.startsWith('text/event-stream') === true;

async function readUntil({ body }: Response, words: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.includes(words)) break;
  }
  return text;
}
