/** What says how a request is to be answered; nobody has checked it yet. */
export interface Asking {
  readonly body?: unknown;
  readonly query?: unknown;
  readonly headers: { readonly accept?: string | undefined };
}

/**
 * Whether a request asks its route for an event stream. A route names one of these for whoever counts streams, and answers by
 * the same one: what is answered as a stream is counted as one.
 */
export type AsksForStream = (request: Asking) => boolean;

export const asksAlways: AsksForStream = () => true;

/** `"stream": true` */
export const asksInBody: AsksForStream = ({ body }) => streamOf(body) === true;

/** `?stream=true` */
export const asksInQuery: AsksForStream = ({ query }) => streamOf(query) === 'true';

const streamOf = (sent: unknown): unknown =>
  typeof sent === 'object' && sent !== null && 'stream' in sent ? sent.stream : undefined;
