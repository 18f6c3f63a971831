import type { StreamOwner } from '#src/streaming/index.js';
import type { Item } from './item.schema.js';
import type { ResponseView } from './response.schema.js';
import type { ResponseRequest } from './response-request.schema.js';
import type { ResponseRow } from './responses.table.js';

/** A response that is kept. */
export interface StoredResponse {
  readonly owner: StreamOwner;
  readonly runId: string;
  /** Its log, where it has one. */
  readonly streamId: string | undefined;
  /** Whether anything of the answer may have been seen. */
  readonly told: boolean;
  readonly request: ResponseRequest;
  /** What was sent, without the responses before it. */
  readonly input: readonly Item[];
  readonly answer: ResponseView;
  /** Unix ms. */
  readonly createdAt: number;
}

/** Only this service writes these rows, so their content is believed. */
export const storedOf = (row: ResponseRow): StoredResponse => ({
  owner: { tenantId: row.tenantId, principalId: row.principalId },
  runId: row.runId,
  streamId: row.streamId ?? undefined,
  told: row.told,
  request: JSON.parse(row.request) as ResponseRequest,
  input: JSON.parse(row.input) as readonly Item[],
  answer: JSON.parse(row.answer) as ResponseView,
  createdAt: row.createdAt.getTime(),
});

export const rowOf = (stored: StoredResponse, expiresAt: number): ResponseRow => {
  const { owner, runId, streamId, told, request, input, answer, createdAt } = stored;
  return {
    id: answer.id,
    ...{ tenantId: owner.tenantId, principalId: owner.principalId, runId, told },
    streamId: streamId ?? null,
    previousId: request.previous_response_id ?? null,
    status: answer.status,
    request: JSON.stringify({ ...request, input: '' }),
    input: JSON.stringify(input),
    answer: JSON.stringify(answer),
    createdAt: new Date(createdAt),
    expiresAt: new Date(expiresAt),
  };
};
