import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, Ids } from '#src/kernel/index.js';
import { RunRecord, type StreamOwner, Streams, type StreamWriter } from '#src/streaming/index.js';
import type { DraftGraphAnswer } from './draft-answer.schema.js';
import type { DraftGraphRequest } from './draft-request.schema.js';
import type { Graph } from './graph.schema.js';
import { type MeteredDraft, MeteredDrafting } from './metered-drafting.service.js';
import type { ResumeRequest } from './resume-request.policy.js';

export const DRAFT_KIND = 'draft-graph';

/** A stream about to be read. */
export interface OpenStream {
  readonly streamId: string;
  /** Server-sent events, ready to send. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** An answer, and what its owner has left. */
export interface Drafted {
  readonly answer: DraftGraphAnswer;
  readonly limitHeaders: Readonly<Record<string, string>>;
}

const nothing = async (): Promise<void> => undefined;

/** Drafts decision graphs: answered at once, or as a stream that outlives the caller's connection. */
@Injectable()
export class DraftService {
  constructor(
    private readonly drafting: MeteredDrafting,
    private readonly records: RunRecord,
    private readonly streams: Streams,
    private readonly ids: Ids,
  ) {}

  /** @param signal aborts when the caller went away for good: nobody is left to answer, so the model is stopped */
  async draft(owner: StreamOwner, request: DraftGraphRequest, signal: AbortSignal): Promise<Drafted> {
    refuseLibraries(request);
    const metered = await this.drafting.open(owner, request);
    const run = { id: this.ids.next('run'), owner, kind: DRAFT_KIND, requestSha256: digest(request) };
    try {
      const job = { runId: run.id, request, signal, onPartial: nothing };
      const answer = await this.records.during(run, () => metered.draft(job), outcomeOf);
      return { answer, limitHeaders: metered.limitHeaders() };
    } finally {
      await metered.close();
    }
  }

  /** The run goes on when its reader leaves; `Streams.cancel` stops it. */
  async stream(owner: StreamOwner, request: DraftGraphRequest): Promise<OpenStream> {
    refuseLibraries(request);
    const metered = await this.drafting.open(owner, request);
    const runId = this.ids.next('run');
    const stream = { owner, kind: DRAFT_KIND, runId, requestSha256: digest(request) };
    const opened = this.streams.open(stream, (writer) => produce(metered, { runId, request }, writer));
    const { streamId, read } = await opened.catch(async (error: unknown) => {
      await metered.close();
      throw error;
    });
    return { streamId, bytes: await read() };
  }

  resume(owner: StreamOwner, { token, lastEventId, live }: ResumeRequest): Promise<OpenStream> {
    return this.streams.resume(token, owner, { lastEventId, live });
  }
}

const outcomeOf = (answer: DraftGraphAnswer) => ({
  end: { status: 'completed', result: answer, usage: answer.usage } as const,
});

async function produce(
  metered: MeteredDraft,
  job: { readonly runId: string; readonly request: DraftGraphRequest },
  writer: StreamWriter,
): Promise<DraftGraphAnswer> {
  try {
    await writer.emit('stage', { stage: 'DRAFTING' });
    const onPartial = (partial: Graph) => writer.emit('stage', { stage: 'DRAFTING', partial });
    const payload = await metered.draft({ ...job, signal: writer.signal, onPartial });
    await writer.emit('stage', { stage: 'COMPLETE', payload });
    return payload;
  } finally {
    await metered.close();
  }
}

/** Libraries cannot be created yet, so no id names one of the caller's. */
function refuseLibraries({ library_ids = [] }: DraftGraphRequest): void {
  if (library_ids.length > 0) throw new AppError('NOT_FOUND', 'No such library', { details: { field: 'library_ids' } });
}

const digest = (request: DraftGraphRequest): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex');
