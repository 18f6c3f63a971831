import type { AsksForStream } from '#src/http/index.js';
import { AppError } from '#src/kernel/index.js';

interface Range {
  readonly type: string;
  readonly quality: number;
}

export type Answer = 'json' | 'stream';

/**
 * How the JSON route answers. Streaming it is a courtesy to old clients that has to be switched on.
 *
 * @throws {AppError} `RESUME_UNAVAILABLE` (426), naming the route that streams
 */
export function chooseAnswer(request: Parameters<AsksForStream>[0], legacy: 'legacy_streams' | 'json_only'): Answer {
  if (!asksInAccept(request)) return 'json';
  if (legacy === 'legacy_streams') return 'stream';
  const streamRoute = '/assist/draft-graph/stream';
  throw new AppError('RESUME_UNAVAILABLE', `This route answers JSON; POST ${streamRoute} streams`, {
    details: { stream_route: streamRoute },
  });
}

/** Also where streaming is switched off: who asks for a stream is counted among those who do, whatever comes of it. */
export const asksInAccept: AsksForStream = ({ headers }) => wantsEventStream(headers.accept);

/**
 * Whether a caller asks for an event stream rather than JSON (RFC 9110 §12.5.1): it names `text/event-stream`, and
 * would like JSON less, or not at all.
 */
export function wantsEventStream(accept: string | undefined): boolean {
  const ranges = (accept ?? '').split(',').map(readRange);
  const stream = quality(ranges, ['text/event-stream']);
  return stream > 0 && stream > quality(ranges, ['application/json', 'application/*', '*/*']);
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}

/** Of the most specific range that is present. */
const quality = (ranges: readonly Range[], types: readonly string[]): number =>
  types.map((type) => ranges.find((range) => range.type === type)?.quality).find((found) => found !== undefined) ?? 0;
