import { z } from 'zod';
import { Brief, text } from '../../text.schema.js';

/** Rounds of questions, counted from 0. */
export const LAST_ROUND = 2;
export const QUESTIONS_MAX = 5;
export const CHOICES_MAX = 6;
export const CHOICE_MAX = 120;
export const WORDS_MAX = 280;
const ANSWERS_MAX = 15;
const ANSWER_MAX = 1_000;

export const ClarifyBriefRequest = z
  .strictObject({
    brief: Brief,
    round: z.int().min(0).max(LAST_ROUND).default(0).describe('How often was asked before: 0, 1 or 2'),
    previous_answers: z
      .array(z.strictObject({ question: text(1, ANSWER_MAX), answer: text(0, ANSWER_MAX) }))
      .max(ANSWERS_MAX)
      .optional()
      .describe('What was asked before, and what was said to it; empty where nobody knew'),
  })
  .meta({
    id: 'ClarifyBriefRequest',
    examples: [
      {
        brief: 'Should the city library open on Sundays soon, or extend weekday evenings instead?',
        round: 1,
        previous_answers: [{ question: 'By when must this be decided?', answer: 'Before the budget vote on 1 June' }],
      },
    ],
  });
export type ClarifyBriefRequest = z.infer<typeof ClarifyBriefRequest>;

const Question = z
  .object({
    question: z.string().min(1).max(WORDS_MAX),
    choices: z
      .array(z.string().max(CHOICE_MAX))
      .min(2)
      .max(CHOICES_MAX)
      .optional()
      .describe('Answers the brief suggests'),
    why_we_ask: z.string().min(1).max(WORDS_MAX),
    impacts_draft: z.string().min(1).max(WORDS_MAX).describe('What the answer changes in the graph'),
  })
  .meta({ id: 'ClarifyingQuestion' });
export type Question = z.infer<typeof Question>;

export const ClarifyBriefAnswer = z
  .object({
    questions: z.array(Question).min(1).max(QUESTIONS_MAX).describe('The most important first'),
    confidence: z.number().min(0).max(1).describe('How well a graph could be drafted from what is known already'),
    should_continue: z.boolean().describe('Whether another round is worth it; never after round 2'),
    round: z.int().min(0).max(LAST_ROUND),
  })
  .meta({
    id: 'ClarifyBriefAnswer',
    examples: [
      {
        questions: [
          {
            question: 'By when is “soon” meant in “open on Sundays soon”?',
            why_we_ask: '“soon” can mean anything until a date stands in its place.',
            impacts_draft: 'A date rules out options that take longer.',
          },
        ],
        confidence: 0.52,
        should_continue: true,
        round: 1,
      },
    ],
  });
export type ClarifyBriefAnswer = z.infer<typeof ClarifyBriefAnswer>;
