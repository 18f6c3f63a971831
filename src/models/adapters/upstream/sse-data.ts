import { SseDecoder } from '#libs/sse/index.js';

/** More than the largest answer that is read; the body reader has the bound that matters. */
const MAX_EVENT_LENGTH = 64 * 1_048_576;
const BLANK_LINE = Buffer.from('\n\n');

/**
 * The data of server-sent events, however the bytes are cut; names, ids and comments are dropped. An event at the very
 * end counts without its blank line, because some servers leave that out after `[DONE]`.
 *
 * @yields the events that one piece of bytes completed; never an empty list
 */
export async function* sseData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new SseDecoder({ maxEventLength: MAX_EVENT_LENGTH });
  const take = (bytes: Uint8Array): readonly string[] => decoder.push(bytes).map(({ data }) => data);
  for await (const chunk of chunks) {
    const whole = take(chunk);
    if (whole.length > 0) yield whole;
  }
  const rest = take(BLANK_LINE);
  if (rest.length > 0) yield rest;
}
