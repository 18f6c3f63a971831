import { type IncomingEvent, SseDecoder, type StreamEvent } from '#libs/sse/index.js';

const MAX_EVENT_LENGTH = 8 * 1024 * 1024;

/** What one connection delivered before it ended or was cut. */
export interface Delivery {
  readonly status: number;
  readonly streamId: string;
  readonly events: readonly StreamEvent[];
  /** Bytes read. */
  readonly bytes: number;
  /** The server ended the stream; `false` when the reader cut it. */
  readonly ended: boolean;
}

/** How a reader behaves. */
export interface Reading {
  readonly cutAfterBytes?: number;
  /** Called once, before the first event; also when there will be none. */
  readonly onAnswer?: (headers: Headers) => void;
  readonly onEvent?: (event: StreamEvent) => void;
}

/**
 * Reads a stream and cuts its own connection once `cutAfterBytes` bytes came; whatever part of an event was under way
 * is lost, as on a real network.
 */
export async function readStream(
  url: string,
  init: RequestInit,
  { cutAfterBytes = Number.POSITIVE_INFINITY, onAnswer = () => undefined, onEvent = () => undefined }: Reading = {},
): Promise<Delivery> {
  const abort = new AbortController();
  const response = await fetch(url, { ...init, signal: abort.signal });
  onAnswer(response.headers);
  const streamId = response.headers.get('x-stream-id') ?? '';
  const decoder = new SseDecoder({ maxEventLength: MAX_EVENT_LENGTH });
  const events: StreamEvent[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      const room = cutAfterBytes - bytes;
      const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
      bytes += part.length;
      for (const event of decoder.push(part).map(streamEvent)) {
        events.push(event);
        onEvent(event);
      }
      if (bytes >= cutAfterBytes) return { status: response.status, streamId, events, bytes, ended: false };
    }
    return { status: response.status, streamId, events, bytes, ended: true };
  } finally {
    abort.abort();
  }
}

const streamEvent = ({ id, event, data }: IncomingEvent): StreamEvent => ({ seq: Number(id), event, data });

const TERMINAL = new Set(['complete', 'error']);

export const isFinished = (events: readonly StreamEvent[]): boolean => TERMINAL.has(events.at(-1)?.event ?? '');

/** The newest resume token among events. */
export function tokenOf(events: readonly StreamEvent[]): string | undefined {
  const data = events.findLast(({ event }) => event === 'resume')?.data;
  return data === undefined ? undefined : (JSON.parse(data) as { token: string }).token;
}
