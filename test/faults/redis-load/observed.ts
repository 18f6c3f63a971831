/** What the load asks for, again and again. */
export type Kind =
  | 'limits'
  | 'capped'
  | 'signed'
  | 'signed ahead'
  | 'replay'
  | 'keyed'
  | 'repeat'
  | 'stream'
  | 'resume here'
  | 'resume elsewhere'
  | 'late resume'
  | 'readyz'
  | 'status';

/** A stretch of time, in ms of `performance.now()`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One request of the load and everything that matters of its answer. */
export interface Observed {
  readonly kind: Kind;
  readonly server: number;
  /** In words: status, code of a problem, how a stream ended. */
  readonly answer: string;
  /** `X-Countersign-Degraded`; empty without it. */
  readonly degraded: string;
  readonly took: Span;
  /** What the answer depends on: of a resume also the time of the stream itself. */
  readonly judged: Span;
}

/** What came back, as far as the load looks at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Longer than anything may take: whoever waits for so long hangs. */
export const HANG_MS = 60_000;

export const ask = async (url: string, init: RequestInit): Promise<Answer> => {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(HANG_MS) });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

export const degradedOf = (headers: Headers | undefined): string => headers?.get('x-countersign-degraded') ?? '';

/** `200`, or `503 DEPENDENCY_UNAVAILABLE`. */
export function inWords({ status, text }: Answer): string {
  const code = status < 400 ? undefined : /"code":"([A-Z_]+)"/.exec(text)?.[1];
  return code === undefined ? String(status) : `${status} ${code}`;
}
