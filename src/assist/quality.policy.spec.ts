import { describe, expect, it } from '@jest/globals';
import type { Findings } from './graph/guard-draft.policy.js';
import type { Graph } from './graph.schema.js';
import { judge, temper } from './quality.policy.js';

const findings = (more: Partial<Findings> = {}): Findings => ({
  claimed: 0.8,
  quotesHeld: 0,
  quotesLost: 0,
  edgesRefused: 0,
  edgesKept: 4,
  ...more,
});

const graphOf = (kinds: readonly Graph['nodes'][number]['kind'][], edges = 1): Graph => ({
  version: '1',
  nodes: kinds.map((kind, index) => ({ id: `n${index}`, kind, label: kind })),
  edges: Array.from({ length: edges }, (_, index) => ({ id: `e${index}`, from: 'n0', to: 'n1' })),
  meta: { roots: [], leaves: [], suggested_positions: {}, source: 'assistant' },
});

describe('confidence', () => {
  it.each([
    ['stays the model’s own when nothing was wrong', findings({ quotesHeld: 3 }), 0, 0.8],
    ['is a half when the model states none', findings({ claimed: undefined }), 0, 0.5],
    ['is halved when every quote was invented', findings({ quotesLost: 3 }), 0, 0.4],
    ['falls with the share of invented quotes', findings({ quotesLost: 1, quotesHeld: 1 }), 0, 0.6],
    ['falls with the share of refused edges', findings({ edgesRefused: 4 }), 0, 0.68],
    ['falls with every file that could not be read', findings(), 1, 0.72],
    ['falls for files by three tenths at most', findings(), 20, 0.56],
  ])('%s', (_title, found, unread, expected) => {
    expect(temper(found, unread)).toBe(expected);
  });
});

describe('a draft', () => {
  const whole = graphOf(['goal', 'option', 'option']);

  it.each([
    ['with a goal, two options and confidence is complete and high', whole, 0.7, 'complete', 'high'],
    ['of less confidence is complete and medium', whole, 0.5, 'complete', 'medium'],
    ['of little confidence needs an answer', whole, 0.49, 'needed', 'medium'],
    ['of next to no confidence is low', whole, 0.39, 'needed', 'low'],
    ['with one option needs an answer', graphOf(['goal', 'option']), 0.9, 'needed', 'medium'],
    ['with nothing to decide needs an answer', graphOf(['option', 'option']), 0.9, 'needed', 'medium'],
    ['with nothing connected is low', graphOf(['goal', 'option', 'option'], 0), 0.9, 'needed', 'low'],
  ])('%s', (_title, graph, confidence, clarifierStatus, qualityTier) => {
    expect(judge(graph, confidence)).toEqual({ clarifierStatus, qualityTier });
  });
});
