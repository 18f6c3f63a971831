import { z } from 'zod';
import { CritiqueLevel, GraphQuality } from '#src/models/index.js';
import { DrawnEdge, DrawnNode, PartId } from '../../drawn-graph.schema.js';
import { Brief, text } from '../../text.schema.js';

export const NOTE_MIN = 10;
export const NOTE_MAX = 280;
export const ISSUES_MAX = 50;
export const FIXES_MAX = 5;
const FOCUS_MAX = 10;
const FOCUS_WORD_MAX = 64;
const IDS_MAX = 1_000;

/** As drafts are answered; only the parts themselves are looked at. */
const GivenGraph = z
  .strictObject({
    version: text(1, FOCUS_WORD_MAX).optional(),
    nodes: z.array(DrawnNode),
    edges: z.array(DrawnEdge),
    meta: z
      .strictObject({
        roots: z.array(PartId).max(IDS_MAX).optional(),
        leaves: z.array(PartId).max(IDS_MAX).optional(),
        suggested_positions: z.record(PartId, z.strictObject({ x: z.number(), y: z.number() })).optional(),
        source: text(1, FOCUS_WORD_MAX).optional(),
      })
      .optional()
      .describe('Taken as it comes, and not looked at'),
  })
  .meta({ id: 'GivenGraph' });

export const CritiqueGraphRequest = z
  .strictObject({
    graph: GivenGraph,
    brief: Brief.optional().describe(
      'What the graph was drawn from; with it quotes and missing parts are looked at too',
    ),
    focus_areas: z
      .array(text(1, FOCUS_WORD_MAX))
      .max(FOCUS_MAX)
      .optional()
      .describe(
        'What is named first and before all else: `structure`, `completeness`, `feasibility`, `provenance`, or words of the graph',
      ),
  })
  .meta({
    id: 'CritiqueGraphRequest',
    examples: [
      {
        graph: {
          nodes: [
            { id: 'goal-1', kind: 'goal', label: 'Raise visits by 15 percent' },
            { id: 'option-1', kind: 'option', label: 'Open on Sundays' },
          ],
          edges: [{ from: 'option-1', to: 'goal-1', weight: 0.9, belief: 0.1 }],
        },
        focus_areas: ['feasibility'],
      },
    ],
  });
export type CritiqueGraphRequest = z.infer<typeof CritiqueGraphRequest>;

const CritiqueIssue = z
  .object({
    level: CritiqueLevel,
    note: z.string().min(NOTE_MIN).max(NOTE_MAX),
    target: z.string().optional().describe('Id of the node or edge; absent when it is the whole graph'),
  })
  .meta({ id: 'CritiqueIssue' });
export type CritiqueIssue = z.infer<typeof CritiqueIssue>;

export const CritiqueGraphAnswer = z
  .object({
    issues: z.array(CritiqueIssue).max(ISSUES_MAX).describe('The worst first'),
    suggested_fixes: z.array(z.string().min(1).max(NOTE_MAX)).max(FIXES_MAX),
    overall_quality: GraphQuality.describe('At most `fair` while there is a BLOCKER'),
  })
  .meta({
    id: 'CritiqueGraphAnswer',
    examples: [
      {
        issues: [
          {
            level: 'IMPROVEMENT',
            note: '“Open on Sundays” → “Raise visits by 15 percent” is drawn strong (0.9) but hardly believed (0.1).',
            target: 'option-1::goal-1::0',
          },
        ],
        suggested_fixes: [
          'Lower the weight of “Open on Sundays” → “Raise visits by 15 percent”, or find evidence for it.',
        ],
        overall_quality: 'good',
      },
    ],
  });
export type CritiqueGraphAnswer = z.infer<typeof CritiqueGraphAnswer>;
