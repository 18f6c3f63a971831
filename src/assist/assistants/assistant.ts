import type { z } from 'zod';
import type { Task, TaskInput, TaskProposal } from '#src/models/index.js';

/** How much graph a request brings. */
export interface GraphSize {
  readonly nodes: number;
  readonly edges: number;
}

/** What is particular to one assistant. Everything else is the same for all: see `Assistants`. */
export interface Assistant<Request, T extends Task, Answer> {
  /** What the record calls its runs. */
  readonly kind: string;
  readonly task: T;
  /** What a language model is told. */
  readonly system: string;
  /** Counted against the limits of a graph, where a request brings one. */
  size?(request: Request): GraphSize;
  /** What answers refer to: none of it may be redacted. */
  ids?(request: Request): readonly string[];
  /** What an engine works on. */
  input(request: Request): TaskInput<T>;
  /** The same for a language model: what to do, and the data. */
  prompt(input: TaskInput<T>): string;
  /** The shape a proposal must have for this request, where it must keep more than the shape of the task. */
  proposal?(request: Request): z.ZodType<TaskProposal<T>>;
  /** The guards: from a proposal of the right shape, which may claim anything, to an answer that keeps its promises. */
  answer(request: Request, proposal: TaskProposal<T>): Answer;
}
