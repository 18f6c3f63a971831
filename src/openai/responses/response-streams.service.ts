import { Injectable } from '@nestjs/common';
import type { JobEnd } from '#src/jobs/index.js';
import { AppError } from '#src/kernel/index.js';
import { type Attended, type StreamOwner, Streams, type StreamWriter } from '#src/streaming/index.js';
import { BACKGROUND, BackgroundRuns } from './background-runs.service.js';
import type { ResponseView } from './response.schema.js';
import { type OpenResponse, ResponseCalls } from './response-calls.service.js';
import type { ResponseRequest } from './response-request.schema.js';
import { tellTo } from './response-run.js';
import { ResponseStore } from './response-store.service.js';
import type { StoredResponse } from './stored-response.js';

/** A response that is being made, whoever listens. */
export interface RunningResponse {
  readonly streamId: string;
  /** As it is now: queued or in progress. */
  readonly answer: ResponseView;
  /** Its log from the first event. */
  readonly read: () => AsyncIterable<Uint8Array>;
  readonly limitHeaders: Readonly<Record<string, string>>;
}

type Opening = Parameters<Streams['open']>[0];

/** Responses that are made into a log: read as they grow, or left alone. */
@Injectable()
export class ResponseStreams {
  constructor(
    private readonly calls: ResponseCalls,
    private readonly streams: Streams,
    private readonly store: ResponseStore,
    private readonly background: BackgroundRuns,
  ) {}

  /**
   * @param attended what becomes of a response that is not kept when its reader leaves; one that is kept goes on, since its
   * reader can come back for it
   */
  async start(owner: StreamOwner, request: ResponseRequest, attended: Attended | undefined): Promise<RunningResponse> {
    const open = await this.calls.open(owner, request);
    const { run, call } = open;
    const background = request.background === true;
    const answer = background ? run.queued() : run.begun();
    const limitHeaders = call.limitHeaders();
    const ready = Promise.withResolvers<void>();
    const stream: Opening = { ...this.openingOf(open), ...(request.store === false ? { unkept: true, attended } : {}) };
    const opened = await this.closing(
      open,
      this.streams.open(stream, (writer) => this.produce(open, writer, ready.promise)),
    );
    try {
      const stored = open.stored(answer, opened.streamId);
      if (background) await this.background.accept(stored, opened);
      else if (request.store !== false) await this.store.add(stored);
    } catch (error) {
      ready.reject(error);
      throw error;
    }
    ready.resolve();
    return { streamId: opened.streamId, answer, read: opened.read, limitHeaders };
  }

  /**
   * Makes a response of the background again whose process is gone before anything of it was told, in the same log.
   *
   * @throws {AppError} what keeps it from beginning; `DEPENDENCY_UNAVAILABLE` while somebody else holds its log
   */
  async again(stored: StoredResponse, attempts: number): Promise<JobEnd> {
    const open = await this.calls.again(stored, attempts);
    const ready = Promise.withResolvers<void>();
    const produce = (writer: StreamWriter) => this.produce(open, writer, ready.promise);
    const opened = await this.closing(open, this.streams.reopen(stored.streamId ?? '', this.openingOf(open), produce));
    if (opened === undefined) {
      await open.call.close();
      throw new AppError('DEPENDENCY_UNAVAILABLE', 'Another process holds the log of this response');
    }
    await this.store.noteStream(stored.owner, stored.answer.id, opened.streamId).then(ready.resolve, ready.reject);
    return this.background.made(stored.answer.id, opened);
  }

  private openingOf({ owner, runId, requestSha256, request, run, call }: OpenResponse): Opening {
    const { id, model } = run.begun();
    const kept = request.store !== false;
    return {
      ...{ owner, runId, requestSha256, subject: { id, model } },
      kind: request.background === true ? BACKGROUND : 'response',
      conclude: (end) => (end.status === 'completed' ? end : { ...end, payload: run.failed(end.error, call.billed()) }),
      settle: kept ? (tx, { payload }) => this.store.update(tx, owner, payload as ResponseView) : undefined,
    };
  }

  private async produce({ run, call, owner, request }: OpenResponse, writer: StreamWriter, ready: Promise<void>) {
    const tell = tellTo(writer);
    try {
      await ready;
      const opening = run.opening();
      // Who began before this process may have said some of it.
      for (const event of opening.slice(writer.lastSeq)) await tell(event);
      const fenced = request.background === true ? this.background.telling(owner, run.begun(), writer, tell) : tell;
      return await run.make(call.run(writer.signal, 'pieces'), fenced);
    } finally {
      await call.close();
    }
  }

  private async closing<T>({ call }: OpenResponse, opening: Promise<T>): Promise<T> {
    return opening.catch(async (error: unknown) => {
      await call.close();
      throw error;
    });
  }
}
