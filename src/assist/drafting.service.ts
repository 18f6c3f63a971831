import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, CONFIG, type Config } from '#src/kernel/index.js';
import {
  type CallMeter,
  DRAFT_GRAPH,
  type DraftInput,
  DraftProposal,
  Models,
  type StructuredRequest,
} from '#src/models/index.js';
import { Attachments, type SentFile } from './attachments/attachments.service.js';
import { constraintSentences } from './constraints.policy.js';
import { composeAnswer, type ModelAnswer } from './draft-answer.policy.js';
import type { DraftGraphAnswer } from './draft-answer.schema.js';
import type { DraftGraphRequest } from './draft-request.schema.js';
import { type GraphLimits, guardDraft } from './graph/guard-draft.policy.js';
import type { Source, Sources } from './graph/quotes.policy.js';
import type { Graph } from './graph.schema.js';
import { worthShowing } from './partial.policy.js';
import { draftPrompt, SYSTEM } from './prompt.policy.js';
import { type DraftWords, redactWords } from './redacted-words.js';

export interface DraftJob {
  readonly runId: string;
  readonly tenantId: string;
  readonly request: DraftGraphRequest;
  /** Counts what the model costs. */
  readonly meter: CallMeter;
  readonly signal: AbortSignal;
  /** Told of the graph as it grows; drafting goes on when the promise resolves. Left out, nobody looks before the end. */
  readonly onPartial?: (graph: Graph) => Promise<void>;
}

/** From a brief and documents to a guarded graph: what the JSON route and the stream have in common. */
@Injectable()
export class Drafting {
  private readonly limits: GraphLimits;

  constructor(
    private readonly attachments: Attachments,
    private readonly models: Models,
    private readonly clock: Clock,
    @Inject(CONFIG) { GRAPH_MAX_NODES, GRAPH_MAX_EDGES }: Config,
  ) {
    this.limits = { maxNodes: GRAPH_MAX_NODES, maxEdges: GRAPH_MAX_EDGES };
  }

  /**
   * What the policy of the tenant redacts is in no answer, whoever wrote it: quotes are looked up in redacted sources.
   *
   * @throws {AppError} `UPSTREAM_FAILED`, `UPSTREAM_TIMEOUT` from the models; the signal's reason when it aborts;
   * what its meter throws
   */
  async draft(job: DraftJob): Promise<DraftGraphAnswer> {
    const { runId, signal } = job;
    const started = this.clock.now();
    const written: DraftWords = { request: job.request, reading: await this.read(job.request, signal) };
    const { outbound, inbound } = this.models.redactionOf(job.tenantId);
    const redactor = outbound ?? inbound;
    const shown = redactor === undefined ? written : await redactWords(written, redactor);
    const read = this.clock.now();
    const { request, reading } = shown;
    const sources = sourcesOf(shown);
    const answer = await this.ask(this.requestOf(outbound === undefined ? written : shown), sources, job);
    const timings = { attachments: read - started, model: this.clock.now() - read };
    const guarded = guardDraft(answer.value, sources, this.limits);
    return composeAnswer({ runId, request, reading, answer, guarded, timings });
  }

  private async read({ attachments = [], attachment_payloads = {} }: DraftGraphRequest, signal: AbortSignal) {
    const files: SentFile[] = attachments.map((file) => ({ ...file, payload: attachment_payloads[file.id] ?? '' }));
    signal.throwIfAborted();
    try {
      return await this.attachments.read(files, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  }

  private requestOf({ request: { brief, constraints }, reading: { documents } }: DraftWords): StructuredRequest {
    const input: DraftInput = {
      brief,
      documents: documents.map(({ id, kind, name, text }) => ({ id, kind, name, text })),
      constraints: constraintSentences(constraints),
      limits: this.limits,
    };
    return { task: DRAFT_GRAPH, input, system: SYSTEM, prompt: draftPrompt(input), schema: DraftProposal };
  }

  private async ask(
    request: StructuredRequest,
    sources: Sources,
    { tenantId, meter, signal, onPartial }: DraftJob,
  ): Promise<ModelAnswer> {
    let shown: Graph | undefined;
    const reads = onPartial === undefined ? 'end' : 'pieces';
    for await (const event of this.models.structured(request, { tenantId, meter, signal, reads })) {
      if (event.type === 'done') return event;
      if (onPartial === undefined) continue;
      const { graph } = guardDraft(event.value, sources, this.limits);
      if (!worthShowing(graph, shown)) continue;
      shown = graph;
      await onPartial(graph);
    }
    throw new AppError('UPSTREAM_FAILED', 'The model gave no answer');
  }
}

function sourcesOf({ request, reading: { documents } }: DraftWords): Sources {
  const brief: Source = { id: 'brief', kind: 'brief', text: request.brief, pageStarts: [] };
  return new Map([brief, ...documents].map((source) => [source.id, source]));
}
