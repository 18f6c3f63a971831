import { Injectable } from '@nestjs/common';
import { AppError, Ids } from '#src/kernel/index.js';
import { estimateTokens } from '#src/models/index.js';
import { requestDigest, type StreamOwner, Streams, type StreamWriter } from '#src/streaming/index.js';
import { type Answered, type Charge, ChargedRuns } from './charged-runs.service.js';
import type { DraftGraphAnswer } from './draft-answer.schema.js';
import type { DraftGraphRequest } from './draft-request.schema.js';
import { Drafting, type DraftJob } from './drafting.service.js';
import type { Graph } from './graph.schema.js';
import { SYSTEM } from './prompt.policy.js';
import type { ResumeRequest } from './resume-request.policy.js';

export const DRAFT_KIND = 'draft-graph';

/** Most drafts are a quarter of it; the largest graph that is allowed is not much more. */
const DRAFT_TOKENS = 4_096;

/** A stream about to be read. */
export interface OpenStream {
  readonly streamId: string;
  /** Server-sent events, ready to send. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Drafts decision graphs: answered at once, or as a stream that outlives the caller's connection. */
@Injectable()
export class DraftService {
  constructor(
    private readonly drafting: Drafting,
    private readonly runs: ChargedRuns,
    private readonly streams: Streams,
    private readonly ids: Ids,
  ) {}

  /** @param signal aborts when the caller went away for good: nobody is left to answer, so the model is stopped */
  async draft(
    owner: StreamOwner,
    request: DraftGraphRequest,
    signal: AbortSignal,
  ): Promise<Answered<DraftGraphAnswer>> {
    refuseLibraries(request);
    const { tenantId } = owner;
    const run = { owner, kind: DRAFT_KIND, request, inputTokens: askedTokens(request), outputTokens: DRAFT_TOKENS };
    return this.runs.answer(run, ({ runId, meter }) =>
      this.drafting.draft({ runId, tenantId, request, meter, signal }),
    );
  }

  /** The run goes on when its reader leaves; `Streams.cancel` stops it. */
  async stream(owner: StreamOwner, request: DraftGraphRequest): Promise<OpenStream> {
    refuseLibraries(request);
    const charge = await this.runs.open(owner, askedTokens(request));
    const { tenantId } = owner;
    const runId = this.ids.next('run');
    const stream = { owner, kind: DRAFT_KIND, runId, requestSha256: requestDigest(request) };
    const opened = this.streams.open(stream, (writer) => this.produce({ runId, tenantId, request }, charge, writer));
    const { streamId, read } = await opened.catch(async (error: unknown) => {
      await charge.close();
      throw error;
    });
    return { streamId, bytes: read() };
  }

  resume(owner: StreamOwner, { token, lastEventId, live }: ResumeRequest): Promise<OpenStream> {
    return this.streams.resume(token, owner, { lastEventId, live });
  }

  private async produce(
    job: Pick<DraftJob, 'runId' | 'tenantId' | 'request'>,
    charge: Charge,
    writer: StreamWriter,
  ): Promise<DraftGraphAnswer> {
    try {
      await writer.emit('stage', { stage: 'DRAFTING' });
      const onPartial = (partial: Graph) => writer.emit('stage', { stage: 'DRAFTING', partial });
      const { meter } = charge;
      const payload = await this.drafting.draft({ ...job, meter, signal: writer.signal, onPartial });
      await writer.emit('stage', { stage: 'COMPLETE', payload });
      return payload;
    } finally {
      await charge.close();
    }
  }
}

/** Libraries cannot be created yet, so no id names one of the caller's. */
function refuseLibraries({ library_ids = [] }: DraftGraphRequest): void {
  if (library_ids.length > 0) throw new AppError('NOT_FOUND', 'No such library', { details: { field: 'library_ids' } });
}

const askedTokens = ({ brief }: DraftGraphRequest): number => estimateTokens(SYSTEM) + estimateTokens(brief);
