import { z } from 'zod';
import { DraftConstraints } from '../../draft-request.schema.js';
import { text } from '../../text.schema.js';

export const OPTIONS_MIN = 3;
export const OPTIONS_MAX = 5;
export const TITLE_MAX = 80;
export const POINT_MAX = 200;
export const POINTS_MAX = 5;
const GOAL_MIN = 5;
const GOAL_MAX = 500;
const SUMMARY_MAX = 5_000;
const LABELS_MAX = 50;
const LABEL_MAX = 280;

const labels = z.array(text(1, LABEL_MAX)).max(LABELS_MAX).optional();

export const SuggestOptionsRequest = z
  .strictObject({
    goal: text(GOAL_MIN, GOAL_MAX).describe('What is to be reached: 5 to 500 characters'),
    constraints: DraftConstraints.optional(),
    graph_summary: z
      .union([
        text(1, SUMMARY_MAX),
        z.strictObject({ existing_options: labels, outcomes: labels, risks: labels, actions: labels, factors: labels }),
      ])
      .optional()
      .describe(
        'What is in the graph already: in words, or as labels by kind. Existing options are not suggested again',
      ),
  })
  .meta({
    id: 'SuggestOptionsRequest',
    examples: [
      {
        goal: 'Raise visits to the city library by 15 percent within a year',
        constraints: ['Staff costs stay below 100,000 euros'],
        graph_summary: { existing_options: ['Open on Sundays'], risks: ['Too few volunteers can be found'] },
      },
    ],
  });
export type SuggestOptionsRequest = z.infer<typeof SuggestOptionsRequest>;

const points = z.array(z.string().min(1).max(POINT_MAX)).min(1).max(POINTS_MAX);

const SuggestedOption = z
  .object({
    id: z.string().describe('Unique in this answer'),
    title: z.string().min(1).max(TITLE_MAX),
    pros: points,
    cons: points,
    evidence_to_gather: points.describe('What to find out before choosing it'),
  })
  .meta({ id: 'SuggestedOption' });
export type SuggestedOption = z.infer<typeof SuggestedOption>;

export const SuggestOptionsAnswer = z
  .object({ options: z.array(SuggestedOption).min(OPTIONS_MIN).max(OPTIONS_MAX).describe('No two alike') })
  .meta({ id: 'SuggestOptionsAnswer' });
export type SuggestOptionsAnswer = z.infer<typeof SuggestOptionsAnswer>;
