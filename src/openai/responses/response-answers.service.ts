import { Injectable } from '@nestjs/common';
import { RunRecord, type StreamOwner } from '#src/streaming/index.js';
import type { Answered } from '../answered.js';
import type { ResponseView } from './response.schema.js';
import { type OpenResponse, ResponseCalls } from './response-calls.service.js';
import type { ResponseRequest } from './response-request.schema.js';
import { ResponseStore } from './response-store.service.js';

/** Responses that are answered at once. */
@Injectable()
export class ResponseAnswers {
  constructor(
    private readonly calls: ResponseCalls,
    private readonly store: ResponseStore,
    private readonly records: RunRecord,
  ) {}

  /**
   * @param signal aborts when nobody waits for the answer any more
   * @throws {AppError} what the model failed with: nothing is kept of a response that nobody got
   */
  async answer(owner: StreamOwner, request: ResponseRequest, signal: AbortSignal): Promise<Answered<ResponseView>> {
    const open = await this.calls.open(owner, request);
    const { runId, requestSha256, run, call } = open;
    try {
      const answer = await this.records.during(
        { id: runId, owner, kind: 'response', requestSha256 },
        () => run.make(call.run(signal, 'pieces')),
        (made) => this.outcomeOf(open, made),
      );
      return { answer, limitHeaders: call.limitHeaders() };
    } finally {
      await call.close();
    }
  }

  /** The answer is the caller's to keep and to delete: the record of the run only counts. */
  private outcomeOf({ request, stored }: OpenResponse, answer: ResponseView) {
    const end = { status: 'completed', usage: answer.usage } as const;
    if (request.store === false) return { end };
    return { end, also: (tx: Parameters<ResponseStore['insert']>[0]) => this.store.insert(tx, stored(answer)) };
  }
}
