import { Inject, Injectable } from '@nestjs/common';
import { AppError, CONFIG, type Config, type Usage } from '#src/kernel/index.js';
import {
  type CallMeter,
  estimateTokens,
  Models,
  type StructuredEvent,
  type StructuredRequest,
  type Task,
  type TaskProposal,
} from '#src/models/index.js';
import type { StreamOwner } from '#src/streaming/index.js';
import { type Answered, ChargedRuns } from '../charged-runs.service.js';
import type { Assistant } from './assistant.js';

/** Longer than nearly every list of questions, issues, options or reasons. */
const ANSWER_TOKENS = 2_048;

/** For whom an assistant works. */
export interface Asker {
  readonly owner: StreamOwner;
  /** Aborts when the caller went away for good: nobody is left to answer, so the model is stopped. */
  readonly signal: AbortSignal;
}

/** What the record keeps of a run. */
interface Outcome<Answer> {
  readonly answer: Answer;
  readonly provider: string;
  readonly model: string;
  readonly repairs: number;
  readonly usage: Usage;
}

type Done = Extract<StructuredEvent, { type: 'done' }>;

/** The one path of all assistants: request, task, charged and recorded call of a model, guards, answer. */
@Injectable()
export class Assistants {
  constructor(
    private readonly models: Models,
    private readonly runs: ChargedRuns,
    @Inject(CONFIG) private readonly limits: Pick<Config, 'GRAPH_MAX_NODES' | 'GRAPH_MAX_EDGES'>,
  ) {}

  /**
   * What the policy of the tenant redacts is in no answer, whoever wrote it: guards look things up in redacted words.
   *
   * @throws {AppError} `GRAPH_LIMIT_EXCEEDED`, `QUOTA_EXHAUSTED`; `BAD_INPUT` when an id would have to be redacted;
   * `UPSTREAM_FAILED`, `UPSTREAM_TIMEOUT` from the models; the signal's reason when it aborts
   */
  async ask<Request, T extends Task, Answer>(
    assistant: Assistant<Request, T, Answer>,
    request: Request,
    { owner, signal }: Asker,
  ): Promise<Answered<Outcome<Answer>>> {
    this.refuseLarge(assistant, request);
    const { shown, sent } = await this.redacted(assistant, request, owner);
    const asked = structured(assistant, sent);
    const inputTokens = estimateTokens(asked.system) + estimateTokens(asked.prompt);
    return this.runs.answer(
      { owner, kind: assistant.kind, request, inputTokens, outputTokens: ANSWER_TOKENS },
      async ({ meter }) => {
        const { value, provider, model, repairs, usage } = await this.complete(asked, owner, meter, signal);
        // Models answer with what fits the schema, or not at all.
        const answer = assistant.answer(shown, value as TaskProposal<T>);
        return { answer, provider, model, repairs, usage };
      },
    );
  }

  /** `shown` is what an answer may hold, `sent` what a model is asked about. */
  private async redacted<Request, T extends Task, Answer>(
    { ids }: Assistant<Request, T, Answer>,
    request: Request,
    { tenantId }: StreamOwner,
  ): Promise<{ readonly shown: Request; readonly sent: Request }> {
    const { outbound, inbound } = this.models.redactionOf(tenantId);
    const redactor = outbound ?? inbound;
    if (redactor === undefined) return { shown: request, sent: request };
    // Only words are replaced: the shape stays.
    const shown = (await redactor.value(request)) as Request;
    const kept = ids?.(shown) ?? [];
    if (ids?.(request).every((id, index) => id === kept[index]) === false)
      throw new AppError('BAD_INPUT', 'The policy of your tenant redacts an id of this graph');
    return { shown, sent: outbound === undefined ? request : shown };
  }

  private refuseLarge<Request, T extends Task, Answer>(
    { size }: Assistant<Request, T, Answer>,
    request: Request,
  ): void {
    const { GRAPH_MAX_NODES: max_nodes, GRAPH_MAX_EDGES: max_edges } = this.limits;
    const { nodes, edges } = size?.(request) ?? { nodes: 0, edges: 0 };
    if (nodes <= max_nodes && edges <= max_edges) return;
    throw new AppError('GRAPH_LIMIT_EXCEEDED', `At most ${max_nodes} nodes and ${max_edges} edges`, {
      details: { max_nodes, max_edges, nodes, edges },
    });
  }

  private async complete(
    request: StructuredRequest,
    { tenantId }: StreamOwner,
    meter: CallMeter,
    signal: AbortSignal,
  ): Promise<Done> {
    for await (const event of this.models.structured(request, { tenantId, meter, signal, reads: 'end' }))
      if (event.type === 'done') return event;
    throw new AppError('UPSTREAM_FAILED', 'The model gave no answer');
  }
}

function structured<Request, T extends Task, Answer>(
  assistant: Assistant<Request, T, Answer>,
  request: Request,
): StructuredRequest {
  const { task, system } = assistant;
  const input = assistant.input(request);
  const schema = assistant.proposal?.(request) ?? task.proposal;
  return { task: task.name, input, system, prompt: assistant.prompt(input), schema };
}
