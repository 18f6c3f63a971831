import { describe, expect, it } from '@jest/globals';
import { finished } from '../../../../../test/support/briefs/corpus.ts';
import type { DraftProposal } from '../../../draft-graph.schema.js';
import { draftGraph } from './draft-graph.policy.js';

const draft = (statement: string): DraftProposal =>
  finished(
    draftGraph({
      brief: `Our goal is to run a better clinic. Should we open on Sundays or extend the evenings? ${statement}`,
      documents: [],
      constraints: [],
      limits: { maxNodes: 50, maxEdges: 200 },
    }),
  ).result;

/** Kind of the statement's node, and the sign of the influence it has on what it leads to. */
function read(statement: string): readonly [string | undefined, number | undefined] {
  const { nodes, edges } = draft(statement);
  const node = nodes.find(({ kind }) => kind === 'outcome' || kind === 'risk' || kind === 'factor');
  return [node?.kind, edges.filter(({ from }) => from === node?.id).map(({ weight = 0 }) => Math.sign(weight))[0]];
}

describe('what is said to follow', () => {
  it.each([
    'Waiting times are expected to fall by a third.',
    'Opening on Sundays would reduce complaints.',
    'Accidents will drop.',
    'Families could come without taking time off work.',
    'Extending the evenings would stop costs from rising.',
  ])('is an outcome that serves the goal when it is welcome: %j', (statement) => {
    expect(read(statement)).toEqual(['outcome', 1]);
  });

  it.each(['Opening on Sundays would raise staff costs by 12% because of extra pay.', 'It would cut revenue by 9%.'])(
    'is an outcome that works against the goal when it is unwelcome and its amount is known: %j',
    (statement) => {
      expect(read(statement)).toEqual(['outcome', -1]);
    },
  );

  it.each([
    'Complaints could rise.',
    'Staff turnover is expected to grow.',
    'Visitor numbers might fall.',
    'Safety would decrease.',
  ])('is a risk when it is unwelcome and open: %j', (statement) => {
    expect(read(statement)).toEqual(['risk', -1]);
  });
});
