import type { z } from 'zod';

/**
 * A piece of work with a typed answer. `proposal` is what an engine must answer with, before any guard has seen it:
 * strict about shape, lenient about lengths, which guards see to.
 */
export interface Task<Input extends z.ZodType = z.ZodType, Proposal extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly input: Input;
  readonly proposal: Proposal;
}

export type TaskInput<T extends Task> = z.infer<T['input']>;
export type TaskProposal<T extends Task> = z.infer<T['proposal']>;
