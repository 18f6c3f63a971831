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
   * @throws {AppError} `GRAPH_LIMIT_EXCEEDED`, `QUOTA_EXHAUSTED`; `UPSTREAM_FAILED`, `UPSTREAM_TIMEOUT` from the models;
   * the signal's reason when it aborts
   */
  async ask<Request, T extends Task, Answer>(
    assistant: Assistant<Request, T, Answer>,
    request: Request,
    { owner, signal }: Asker,
  ): Promise<Answered<Outcome<Answer>>> {
    this.refuseLarge(assistant, request);
    const { outbound, inbound } = this.models.redactionOf(owner.tenantId);
    const redactor = outbound ?? inbound;
    // An answer may repeat what was asked.
    const shown = redactor === undefined ? request : ((await redactor.value(request)) as Request);
    const asked = structured(assistant, outbound === undefined ? request : shown);
    const inputTokens = estimateTokens(asked.system) + estimateTokens(asked.prompt);
    return this.runs.answer({ owner, kind: assistant.kind, request, inputTokens }, async ({ meter }) => {
      const { value, provider, model, repairs, usage } = await this.complete(asked, owner, meter, signal);
      // Models answer with what fits the schema, or not at all.
      const answer = assistant.answer(shown, value as TaskProposal<T>);
      return { answer, provider, model, repairs, usage };
    });
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
    for await (const event of this.models.structured(request, { tenantId, meter, signal }))
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
