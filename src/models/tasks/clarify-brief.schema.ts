import { z } from 'zod';
import type { Task } from './task.js';

const ProposedQuestion = z.object({
  question: z
    .string()
    .min(1)
    .describe('One question, naming the words of the brief it is about; at most 280 characters'),
  choices: z.array(z.string()).optional().describe('Answers that the brief itself suggests, if any'),
  why_we_ask: z.string().min(1).describe('What the brief leaves open; at most 280 characters'),
  impacts_draft: z.string().min(1).describe('What the answer changes in the decision graph; at most 280 characters'),
});
export type ProposedQuestion = z.infer<typeof ProposedQuestion>;

/** What a decision brief leaves open. */
export const CLARIFY_BRIEF = {
  name: 'clarify_brief',
  input: z.object({
    brief: z.string(),
    /** From 0. */
    round: z.int(),
    answers: z.array(z.object({ question: z.string(), answer: z.string() })),
  }),
  proposal: z.object({
    questions: z.array(ProposedQuestion).min(1).describe('One to five, the most important first'),
    confidence: z.number().min(0).max(1).describe('How well a graph could be drafted from what is known already'),
  }),
} as const satisfies Task;
