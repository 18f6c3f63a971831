import { AppError, type Clock, type Usage } from '#src/kernel/index.js';
import type { FinishReason, TextEvent } from '#src/models/index.js';
import type { StreamWriter } from '#src/streaming/index.js';
import { isLimitCut } from '../limit-cut.policy.js';
import { partsOf } from '../text-parts.policy.js';
import type { OutputEvent } from './output.machine.js';
import { Output } from './output.machine.js';
import { type Progress, type ResponseBirth, responseOf } from './response.policy.js';
import type { ResponseView } from './response.schema.js';
import type { ResponseRequest } from './response-request.schema.js';

/** Where the events of a response go. */
export type Tell = (event: OutputEvent) => Promise<void>;

const toNobody: Tell = async () => undefined;

/** Why a response is incomplete; any other end completes it. */
const REASONS = {
  length: 'max_output_tokens',
  filtered: 'content_filter',
  stop: undefined,
  tools: undefined,
} as const satisfies Record<FinishReason, string | undefined>;

/** One answer as it is made: what the model says goes in, events and the response so far come out. */
export class ResponseRun {
  private readonly output: Output;
  private usage: Usage | undefined;
  private model: string | undefined;

  constructor(
    private readonly birth: ResponseBirth,
    private readonly request: ResponseRequest,
    private readonly clock: Clock,
    /** More than 1 when a run before this one was broken off. */
    private readonly attempts = 1,
  ) {
    this.output = new Output(birth.id);
  }

  /** The events before the first word, in their order. */
  opening(): readonly OutputEvent[] {
    const queued = this.request.background === true ? [this.event('queued')] : [];
    const first = this.event(queued.length > 0 ? 'queued' : 'in_progress', 'response.created');
    return [first, ...queued, this.event('in_progress')];
  }

  /**
   * Makes the answer.
   *
   * @returns the response, completed or incomplete
   * @throws {AppError} what the model failed with; {@link failed} is the response then
   */
  async make(events: AsyncIterable<TextEvent>, tell: Tell = toNobody): Promise<ResponseView> {
    try {
      for await (const event of events) {
        if (event.type === 'done') return await this.finish(event, tell);
        this.usage = event.used;
        for (const part of partsOf(event)) for (const told of this.output.take(part)) await tell(told);
        if (this.output.full) return await this.cut(tell);
      }
    } catch (error) {
      if (this.usage === undefined || !isLimitCut(error)) throw error;
      return this.cut(tell);
    }
    throw new AppError('UPSTREAM_FAILED', 'The model gave no answer');
  }

  queued(): ResponseView {
    return this.view({ status: 'queued' });
  }

  begun(): ResponseView {
    return this.view({ status: 'in_progress' });
  }

  /**
   * The response as far as it came.
   *
   * @param billed what it is charged for, which may be more than was heard
   */
  failed(error: AppError, billed: Usage): ResponseView {
    this.usage = billed;
    return this.view(error.code === 'CANCELLED' ? this.ended('cancelled') : { status: 'failed', error });
  }

  private async finish(done: Extract<TextEvent, { readonly type: 'done' }>, tell: Tell): Promise<ResponseView> {
    this.usage = done.usage;
    this.model = done.model;
    for (const told of this.output.finish(done)) await tell(told);
    const reason = REASONS[done.finish];
    return this.view(reason === undefined ? this.ended('completed') : { status: 'incomplete', reason });
  }

  /** Longer than an answer may be, or than its owner may have: the model is stopped when its events are left. */
  private async cut(tell: Tell): Promise<ResponseView> {
    for (const told of this.output.closeAll('length')) await tell(told);
    return this.view({ status: 'incomplete', reason: 'max_output_tokens' });
  }

  private ended(status: 'completed' | 'cancelled'): Progress {
    return { status, at: this.clock.now() };
  }

  private event(status: 'queued' | 'in_progress', type: OutputEvent['type'] = `response.${status}`): OutputEvent {
    return { type, response: this.view({ status }) };
  }

  private view(progress: Progress): ResponseView {
    const { usage, model } = this;
    const answer = { output: this.output.items(), usage, ...(model === undefined ? {} : { model }) };
    const view = responseOf(this.birth, this.request, answer, progress);
    return this.attempts > 1 ? { ...view, attempts: this.attempts } : view;
  }
}

/** Tells a log, numbering as OpenAI does: from 0, the number in the log less one. */
export const tellTo =
  (writer: StreamWriter): Tell =>
  ({ type, ...event }) =>
    writer.emit(type, { type, sequence_number: writer.lastSeq, ...event });
