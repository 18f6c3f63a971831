import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, Ids } from '#src/kernel/index.js';
import { type StreamOwner, Streams } from '#src/streaming/index.js';
import type { DraftGraphAnswer } from './draft-answer.schema.js';
import type { DraftGraphRequest } from './draft-request.schema.js';
import { Drafting } from './drafting.service.js';
import type { Graph } from './graph.schema.js';
import type { ResumeRequest } from './resume-request.policy.js';
import { RunRecord } from './run-record.service.js';

export const DRAFT_KIND = 'draft-graph';

/** A stream about to be read. */
export interface OpenStream {
  readonly streamId: string;
  /** Server-sent events, ready to send. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const nothing = async (): Promise<void> => undefined;

/** Drafts decision graphs: answered at once, or as a stream that outlives the caller's connection. */
@Injectable()
export class DraftService {
  constructor(
    private readonly drafting: Drafting,
    private readonly records: RunRecord,
    private readonly streams: Streams,
    private readonly ids: Ids,
  ) {}

  /** @param signal aborts when the caller went away for good: nobody is left to answer, so the model is stopped */
  async draft(owner: StreamOwner, request: DraftGraphRequest, signal: AbortSignal): Promise<DraftGraphAnswer> {
    refuseLibraries(request);
    const run = { id: this.ids.next('run'), owner, kind: DRAFT_KIND, requestSha256: digest(request) };
    return this.records.during(run, () => this.drafting.draft({ runId: run.id, request, signal, onPartial: nothing }));
  }

  /** The run goes on when its reader leaves; `Streams.cancel` stops it. */
  async stream(owner: StreamOwner, request: DraftGraphRequest): Promise<OpenStream> {
    refuseLibraries(request);
    const runId = this.ids.next('run');
    const stream = { owner, kind: DRAFT_KIND, runId, requestSha256: digest(request) };
    const { streamId } = await this.streams.open(stream, async (writer) => {
      await writer.emit('stage', { stage: 'DRAFTING' });
      const onPartial = (partial: Graph) => writer.emit('stage', { stage: 'DRAFTING', partial });
      const payload = await this.drafting.draft({ runId, request, signal: writer.signal, onPartial });
      await writer.emit('stage', { stage: 'COMPLETE', payload });
      return payload;
    });
    return { streamId, bytes: await this.streams.follow(streamId, owner, { live: true }) };
  }

  resume(owner: StreamOwner, { token, lastEventId, live }: ResumeRequest): Promise<OpenStream> {
    return this.streams.resume(token, owner, { lastEventId, live });
  }
}

/** Libraries cannot be created yet, so no id names one of the caller's. */
function refuseLibraries({ library_ids = [] }: DraftGraphRequest): void {
  if (library_ids.length > 0) throw new AppError('NOT_FOUND', 'No such library', { details: { field: 'library_ids' } });
}

const digest = (request: DraftGraphRequest): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex');
