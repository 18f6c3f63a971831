import { z } from 'zod';
import type { Task } from './task.js';

const points = (what: string) => z.array(z.string().min(1)).min(1).describe(`One to five ${what}`);

const ProposedOption = z.object({
  title: z.string().min(1).describe('A course of action, at most 80 characters'),
  pros: points('reasons for it'),
  cons: points('reasons against it'),
  evidence_to_gather: points('things to find out before choosing it'),
});
export type ProposedOption = z.infer<typeof ProposedOption>;

/** Ways to a goal. */
export const SUGGEST_OPTIONS = {
  name: 'suggest_options',
  input: z.object({
    goal: z.string(),
    /** The caller's constraints, as plain sentences. */
    constraints: z.array(z.string()),
    /** What is known already, in words and by kind. */
    known: z.object({
      text: z.string(),
      options: z.array(z.string()),
      outcomes: z.array(z.string()),
      risks: z.array(z.string()),
      actions: z.array(z.string()),
      factors: z.array(z.string()),
    }),
  }),
  proposal: z.object({
    options: z.array(ProposedOption).min(3).describe('Three to five that differ in what is done'),
  }),
} as const satisfies Task;
