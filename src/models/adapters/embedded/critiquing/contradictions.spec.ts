import { describe, expect, it } from '@jest/globals';
import { finished } from '../../../../../test/support/briefs/corpus.ts';
import { type DrawnGraph, drawn } from '../../../../../test/support/drawn-graphs.ts';
import { critiqueGraph } from './critique-graph.policy.js';

type Kind = DrawnGraph['nodes'][number]['kind'];

/** A graph of one decision: the option in question, another, the goal, and what the option leads to. */
function graph(
  option: string,
  goal: string,
  results: readonly (readonly [Kind, string])[],
  toGoal: number,
  belief = 0.9,
) {
  const nodes = [
    { id: 'decision', kind: 'decision', label: 'Which way to go' },
    { id: 'option', kind: 'option', label: option },
    { id: 'other', kind: 'option', label: 'Wait for a year' },
    { id: 'goal', kind: 'goal', label: goal },
    ...results.map(([kind, label], index) => ({ id: `result-${index}`, kind, label })),
  ] as DrawnGraph['nodes'];
  const weighed = { weight: 0.5, belief };
  const edges = [
    drawn('decision', 'option', weighed),
    drawn('decision', 'other', weighed),
    drawn('other', 'goal', weighed),
    ...results.flatMap((_, index) => [
      drawn('option', `result-${index}`, weighed),
      ...(toGoal === 0 ? [] : [drawn(`result-${index}`, 'goal', { weight: toGoal, belief: 0.9 })]),
    ]),
  ].map((edge) => ({ ...edge, provenance: undefined, provenance_source: 'engine' as const }));
  return { nodes: [...nodes], edges };
}

const critique = (drawing: ReturnType<typeof graph>, brief?: string) =>
  finished(critiqueGraph({ ...drawing, focus: [], ...(brief === undefined ? {} : { brief }) })).result;
const found = (told: ReturnType<typeof critique>, words: RegExp) => told.issues.filter(({ note }) => words.test(note));

describe('the embedded critique of contradictions', () => {
  it.each([
    ['Lower prices by 10%', 'Increase revenue', 'Revenue rises', 'Revenue falls'],
    ['Move to the cloud', 'Reduce downtime', 'Releases get faster', 'Releases become slower'],
    ['Close the canteen', 'Cut costs', 'Staff costs go down', 'An increase in staff costs'],
    ['Hire nurses', 'Improve care', 'More nurses stay', 'Fewer nurses stay'],
    ['Change the tariff', 'Keep customers', 'Plans get cheaper', 'Plans become more expensive'],
  ])('takes no option that brings a thing and its opposite: %j', (option, goal, one, other) => {
    const told = critique(
      graph(
        option,
        goal,
        [
          ['outcome', one],
          ['outcome', other],
        ],
        0,
      ),
    );
    expect(found(told, /contradict each other/)).toEqual([
      {
        level: 'BLOCKER',
        target: 'result-1',
        note: `The option “${option}” leads both to “${one}” and “${other}”, which contradict each other.`,
      },
    ]);
    expect(told.overall_quality).toBe('fair');
  });

  it('lets either be possible, where neither is more likely than not', () => {
    const results = [
      ['outcome', 'Revenue rises'],
      ['outcome', 'Revenue falls'],
    ] as const;
    const levels = (belief: number) =>
      found(critique(graph('Lower prices', 'Please guests', results, 0, belief)), /contradict/).map(
        ({ level }) => level,
      );
    expect([levels(0.4), levels(0.6)]).toEqual([['OBSERVATION'], ['BLOCKER']]);
  });

  it.each([
    ['Increase revenue', 'Revenue falls'],
    ['Cut churn to 5%', 'Churn rises in the second year'],
    ['Raise visits by 15 percent', 'Fewer visits by tourists'],
    ['Make deliveries faster', 'Deliveries become slower'],
  ])('names what goes against the goal %j: %j', (goal, result) => {
    const results = [['outcome', result]] as const;
    const unsaid = critique(graph('Lower prices', goal, results, 0));
    const praised = critique(graph('Lower prices', goal, results, 0.5));
    const weighed = critique(graph('Lower prices', goal, results, -0.5));
    expect(found(unsaid, /goes against the goal .* no edge says so/)).toMatchObject([
      { level: 'IMPROVEMENT', target: 'result-0' },
    ]);
    expect(found(praised, /goes against the goal .* as if it served it/)).toMatchObject([
      { target: 'result-0::goal::0' },
    ]);
    expect(found(praised, /though its label is unwelcome/)).toEqual([]);
    expect(found(weighed, /goes against/)).toEqual([]);
    for (const told of [unsaid, praised, weighed])
      expect(found(told, /“Lower prices”: the option has no risk and hurts nothing/)).toEqual([]);
  });

  it.each([
    ['Opening costs 90,000 EUR', 'The budget is 50,000 EUR.'],
    ['The tour takes 6 months', 'It must be done within 90 days.'],
    ['Invite 300 guests', 'The hall seats 200 guests.'],
    ['The shop opens in September 2027', 'Deadline: June 2027.'],
    ['The works come to $120k', 'Budget: 100k USD.'],
  ])('measures a figure by the limit of the brief: %j, %j', (label, limit) => {
    const drawing = graph('Open the branch', 'Win customers', [['outcome', label]], 0);
    const brief = `Should we open the branch or wait for a year? ${limit} ${label}. Our goal is to win customers.`;
    const told = critique(drawing, brief);
    expect(found(told, /over the limit/)).toEqual([
      {
        level: 'BLOCKER',
        target: 'result-0',
        note: `The outcome “result-0” says “${label}”, which is over the limit: “${limit.replace(/\.$/, '')}”.`,
      },
    ]);
    expect(told.overall_quality).toBe('fair');
    expect(found(critique(drawing, brief.replace(limit, '')), /over the limit/)).toEqual([]);
  });

  it('measures figures and limits that only the brief or only the graph states', () => {
    const bare = graph('Open the branch', 'Win customers', [['outcome', 'Customers come']], 0.5);
    const brief = 'Should we open the branch or wait? The budget is 50,000 EUR. Opening costs 90,000 EUR.';
    expect(found(critique(bare, brief), /^The brief says .*over the limit/)).toMatchObject([{ level: 'IMPROVEMENT' }]);
    const both = graph(
      'Open the branch',
      'Win',
      [
        ['factor', 'Budget is 50,000 EUR'],
        ['outcome', 'Opening costs 90,000 EUR'],
      ],
      0,
    );
    expect(found(critique(both), /over the limit/)).toMatchObject([{ level: 'BLOCKER', target: 'result-1' }]);
  });
});
