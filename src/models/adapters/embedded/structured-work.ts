import type { z } from 'zod';
import { AppError } from '#src/kernel/index.js';
import { DRAFT_GRAPH } from '../../draft-graph.schema.js';
import type { StructuredRequest } from '../../provider.port.js';
import { CLARIFY_BRIEF } from '../../tasks/clarify-brief.schema.js';
import { CRITIQUE_GRAPH } from '../../tasks/critique-graph.schema.js';
import { EXPLAIN_DIFF } from '../../tasks/explain-diff.schema.js';
import { SUGGEST_OPTIONS } from '../../tasks/suggest-options.schema.js';
import { estimateAll } from '../../tokens.policy.js';
import { clarifyBrief } from './clarifying/clarify-brief.policy.js';
import { critiqueGraph } from './critiquing/critique-graph.policy.js';
import { DraftRequest } from './draft-input.schema.js';
import { draftGraph } from './drafting/draft-graph.policy.js';
import { explainDiff } from './explaining/explain-diff.policy.js';
import { suggestOptions } from './suggesting/suggest-options.policy.js';

/** A piece of work about to be done. */
export interface Work {
  /** Estimated at one per four UTF-8 bytes of what is read. */
  readonly inputTokens: number;
  /** Yields the answer as it grows, or `undefined` where the work may only pause; returns it whole. */
  readonly steps: Generator<unknown, unknown>;
}

type Worker = (task: string, input: unknown) => Work;

function worker<Input extends z.ZodType>(
  schema: Input,
  texts: (input: z.infer<Input>) => readonly string[],
  work: (input: z.infer<Input>) => Generator<unknown, unknown>,
): Worker {
  return (task, input) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return { inputTokens: estimateAll(texts(parsed.data)), steps: work(parsed.data) };
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'input');
    throw new AppError('BAD_INPUT', `The input of ${task} is not valid: ${[...new Set(fields)].join(', ')}`);
  };
}

const asJson = (input: unknown): readonly string[] => [JSON.stringify(input)];

const WORKERS: ReadonlyMap<string, Worker> = new Map([
  [
    DRAFT_GRAPH,
    worker(
      DraftRequest,
      ({ brief, documents, constraints }) => [brief, ...documents.map(({ text }) => text), ...constraints],
      draftGraph,
    ),
  ],
  [CLARIFY_BRIEF.name, worker(CLARIFY_BRIEF.input, asJson, clarifyBrief)],
  [CRITIQUE_GRAPH.name, worker(CRITIQUE_GRAPH.input, asJson, critiqueGraph)],
  [SUGGEST_OPTIONS.name, worker(SUGGEST_OPTIONS.input, asJson, suggestOptions)],
  [EXPLAIN_DIFF.name, worker(EXPLAIN_DIFF.input, asJson, explainDiff)],
]);

/** @throws {AppError} `BAD_INPUT` when it is no task of the embedded model, or its input is not that task's */
export function workOf({ task, input }: StructuredRequest): Work {
  const found = WORKERS.get(task);
  if (found !== undefined) return found(task, input);
  const tasks = [...WORKERS.keys()].join(', ');
  throw new AppError('BAD_INPUT', `The embedded model does these tasks only: ${tasks}`);
}
