import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '#src/kernel/index.js';
import { Runs, type StreamOwner, Streams } from '#src/streaming/index.js';
import { itemPage } from './items.policy.js';
import type { DeletedResponse, ItemList, ItemsQuery, ResponseView } from './response.schema.js';
import { failedResponse, isOver, overtaken } from './response-state.policy.js';
import { ResponseStore } from './response-store.service.js';
import type { StoredResponse } from './stored-response.js';

/** How long a caller that cancels waits for the run to be over, ms. */
const CANCEL_WAIT_MS = 5_000;
const LOOK_MS = 50;

/** Responses that are kept: read, followed, stopped and deleted by whom they belong to. */
@Injectable()
export class Responses {
  constructor(
    private readonly store: ResponseStore,
    private readonly streams: Streams,
    private readonly runs: Runs,
    private readonly clock: Clock,
  ) {}

  /** @throws {AppError} `NOT_FOUND` */
  async read(owner: StreamOwner, id: string): Promise<ResponseView> {
    return this.asItIs(await this.store.find(owner, id));
  }

  /**
   * Its events behind a sequence number, then live to its end.
   *
   * @param after -1 or left out: from the first
   * @throws {AppError} `NOT_FOUND`; `BAD_INPUT` for one that was answered at once, and for a number beyond its end
   */
  async follow(owner: StreamOwner, id: string, after = -1) {
    const streamId = await this.streamOf(owner, id);
    return { streamId, log: await this.streams.follow(streamId, owner, { after: after + 1, live: true }) };
  }

  /** {@link follow} for a reader that comes back by itself; no log when it has all of it. */
  async rest(owner: StreamOwner, id: string, after: number) {
    const streamId = await this.streamOf(owner, id);
    return { streamId, log: await this.streams.rest(streamId, owner, after + 1) };
  }

  /** Stops the model; a response that is over stays as it is. */
  async cancel(owner: StreamOwner, id: string): Promise<ResponseView> {
    const stored = await this.store.find(owner, id);
    if (isOver(stored.answer) || stored.streamId === undefined) return stored.answer;
    await this.streams.cancel(stored.streamId, owner);
    return this.end(owner, id);
  }

  /** Forgets all of it; what runs is stopped first. */
  async remove(owner: StreamOwner, id: string): Promise<DeletedResponse> {
    await this.cancel(owner, id);
    const { streamId } = await this.store.find(owner, id);
    // The row goes last: while it is there, a caller whose request failed can ask again.
    if (streamId !== undefined) await this.streams.forget(streamId, owner);
    await this.store.remove(owner, id);
    return { id, object: 'response', deleted: true };
  }

  /** @throws {AppError} `NOT_FOUND`; `BAD_INPUT` when `after` names none of its items */
  async items(owner: StreamOwner, id: string, query: ItemsQuery): Promise<ItemList> {
    const { input } = await this.store.find(owner, id);
    const page = itemPage(input, query);
    if (page !== undefined) return page;
    const message = 'Not the id of an item of this response';
    throw new AppError('BAD_INPUT', message, { errors: [{ path: 'after', code: 'invalid', message }] });
  }

  /**
   * Says for good that nobody makes this response any more, in its log as well.
   *
   * @throws {AppError} `DEPENDENCY_UNAVAILABLE` when that cannot be said now, or somebody does make it
   */
  async fail({ owner, runId, streamId, answer }: StoredResponse, error: AppError): Promise<void> {
    await this.streams.abandon({ runId, streamId, owner }, error);
    await this.store.save(owner, failedResponse(answer, error));
  }

  /** The response once it is over, or as it is when that takes too long. */
  private async streamOf(owner: StreamOwner, id: string): Promise<string> {
    const { streamId } = await this.store.find(owner, id);
    if (streamId === undefined) {
      const message = 'This response was answered at once: it has no events';
      throw new AppError('BAD_INPUT', message, { errors: [{ path: 'stream', code: 'invalid', message }] });
    }
    return streamId;
  }

  private async end(owner: StreamOwner, id: string): Promise<ResponseView> {
    const until = this.clock.now() + CANCEL_WAIT_MS;
    for (;;) {
      const answer = await this.read(owner, id);
      if (isOver(answer) || this.clock.now() >= until) return answer;
      await this.clock.sleep(LOOK_MS);
    }
  }

  /** A response whose process died is what became of its run. */
  private async asItIs({ owner, answer, streamId }: StoredResponse): Promise<ResponseView> {
    if (isOver(answer) || streamId === undefined) return answer;
    const run = await this.runs.ofStream(streamId, owner);
    return run === undefined || run.status === 'running' ? answer : overtaken(answer, run);
  }
}
