import { describe, expect, it } from '@jest/globals';
import { finished } from '../../../../../test/support/briefs/corpus.ts';
import { proposalFaults } from '../../../../../test/support/briefs/proposal-checker.ts';
import type { DraftInput, DraftProposal } from '../../../draft-graph.schema.js';
import { draftGraph } from './draft-graph.policy.js';

const figures = 'count 6, mean 54.8333333333, median 57.5, p50 57.5, p90 68.5, p95 69.75, p99 70.75, min 22, max 71.';
const table = (...names: string[]): string =>
  [`Table of 6 rows and ${names.length} columns.`, ...names.map((name) => `${name}: ${figures}`)].join('\n');

const input = (brief: string, text: string): DraftInput => ({
  brief,
  documents: [{ id: 'figures', kind: 'csv', name: 'figures.csv', text }],
  constraints: [],
  limits: { maxNodes: 50, maxEdges: 200 },
});
const draft = (given: DraftInput): DraftProposal => finished(draftGraph(given)).result;
const measured = ({ nodes }: DraftProposal) => nodes.filter(({ quotation }) => quotation?.source === 'figures');

describe('columns of a table', () => {
  it.each([
    ['We want to cut waiting times. Should we open on Saturdays or not?', 'median_wait_minutes', 'Median wait minutes'],
    ['Should we sell the bakery? Visitors stay away and rents rise.', 'visits', 'Visits'],
    ['Our goal is fewer delivery errors. Should we hire a packer?', 'avgDeliveryHours', 'Avg delivery hours'],
    ['Should the farm drill a well? Rainfall was low last year.', 'RAINFALL_MM', 'Rainfall mm'],
  ])('of %j are found however they are written: %s', (brief, column, label) => {
    const given = input(brief, table('row_id', column));
    const made = draft(given);
    const [node, ...others] = measured(made);
    expect([node?.kind, node?.label, others]).toEqual(['factor', `${label}: median 57.5, mean 54.83`, []]);
    expect(node?.quotation?.quote).toContain('median 57.5');
    const own = made.edges.filter(({ from }) => from === node?.id);
    expect(own.map(({ basis }) => basis)).toEqual(own.map(() => 'metric'));
    expect(own.length).toBeGreaterThan(0);
    expect(proposalFaults(made, given)).toEqual([]);
  });

  it('a measure of something unwelcome weighs against the goal it speaks of, of something wanted for it', () => {
    const weights = (column: string): readonly number[] => {
      const made = draft(
        input('Our goal is to change queue length and visitor numbers. Should we move?', table(column)),
      );
      return made.edges
        .filter(({ to }) => to === 'goal-1')
        .flatMap(({ quotation, weight = 0 }) => (quotation?.source === 'figures' ? [Math.sign(weight)] : []));
    };
    expect([weights('queue_length'), weights('visitor_count')]).toEqual([[-1], [1]]);
  });

  it.each([
    ['complaint_count', 1],
    ['sale_total', -1],
  ])('%s makes a risk more or less likely: %d', (column, sign) => {
    const brief =
      'Should we move the shop? There is a risk that complaints and the sale of bread change for the worse.';
    const made = draft(input(brief, table(column)));
    const toRisk = made.edges.filter(({ to, quotation }) => to === 'risk-1' && quotation?.source === 'figures');
    expect(toRisk.map(({ weight = 0 }) => Math.sign(weight))).toEqual([sign]);
  });

  it('that only say how something was counted are not related', () => {
    const made = draft(
      input('Should we wait two weeks? The total is a number of days per year.', table('total_days', 'number')),
    );
    expect(measured(made)).toEqual([]);
  });

  it('give at most four nodes, the most related first', () => {
    const things = ['tram', 'depot', 'driver', 'wheel', 'signal', 'ticket'];
    const brief = `Should we renew the ${things.join(' and the ')}? Tram noise is a problem.`;
    const made = measured(draft(input(brief, table(...things.map((thing) => `${thing}_gauge`), 'tram'))));
    expect(made.length).toBeLessThanOrEqual(4);
    expect(made.map(({ label }) => label)).toContain('Tram: median 57.5, mean 54.83');
  });
});
