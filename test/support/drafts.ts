import { SseDecoder } from '#libs/sse/index.js';
import { bearer, keys } from './app.ts';

/** A brief that only says what is drafted. */
export const DRAFT = { brief: 'Should the harbour buy a second crane this year, or mend the old one first?' };

const MAX_EVENT_LENGTH = 8 * 1_048_576;

export const draftRequest = (key: string = keys.user, route = '/assist/draft-graph') => ({
  method: 'POST' as const,
  url: route,
  headers: bearer(key),
  payload: DRAFT,
});

export const streamRequest = (key?: string) => draftRequest(key, '/assist/draft-graph/stream');

/** Events of a whole stream. */
export const eventsOf = (body: string) => {
  const decoder = new SseDecoder({ maxEventLength: MAX_EVENT_LENGTH });
  return decoder.push(Buffer.from(body)).map(({ id, event, data }) => ({ seq: Number(id), event, data }));
};
