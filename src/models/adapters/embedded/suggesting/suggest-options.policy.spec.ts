import { describe, expect, it } from '@jest/globals';
import { finished } from '../../../../../test/support/briefs/corpus.ts';
import { SUGGEST_OPTIONS } from '../../../tasks/suggest-options.schema.js';
import type { TaskInput } from '../../../tasks/task.js';
import { suggestOptions } from './suggest-options.policy.js';

type Input = TaskInput<typeof SUGGEST_OPTIONS>;

const nothing = { text: '', options: [], outcomes: [], risks: [], actions: [], factors: [] };
const suggest = (goal: string, known: Partial<Input['known']> = {}, constraints: string[] = []) =>
  finished(suggestOptions({ goal, constraints, known: { ...nothing, ...known } })).result.options;
const titles = (...given: Parameters<typeof suggest>): string[] => suggest(...given).map(({ title }) => title);

const visits = 'Raise visits to the city library by 15 percent within a year';
const goals = [
  visits,
  'Reduce complaints about late buses',
  'Improve nurse retention',
  'Open a second clinic before May',
  'Halve the emissions of the fleet by 2030',
  'Keep the members of the choir',
  'Either rent a hall in Halle or build one in Leipzig',
  'win',
];

describe('the embedded suggestions', () => {
  it.each(goals)('are three to five that differ, for %j', (goal) => {
    const options = suggest(goal);
    expect(SUGGEST_OPTIONS.proposal.safeParse({ options }).success).toBe(true);
    expect(options.length).toBeLessThanOrEqual(5);
    expect(new Set(options.map(({ title }) => title)).size).toBe(options.length);
  });

  it('are other ones for every goal', () => {
    const all = goals.flatMap((goal) => titles(goal));
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([
    ['more', 'Raise visits to the museum', 'Reach people and places that bring no visits to the museum today'],
    ['less', 'Reduce waste in the kitchen', 'Remove what causes waste in the kitchen'],
    ['better', 'Improve nurse retention', 'Mend the worst part of nurse retention first'],
    ['something done', 'Open a second clinic', 'Have a partner open a second clinic'],
  ])('pull the lever of a goal that wants %s', (_what, goal, title) => {
    expect(titles(goal)).toContain(title);
  });

  it('halve an amount for a first stage, and leave the time for the second', () => {
    expect(titles(visits)).toContain('Raise visits to the city library by 7.5 percent first, then decide on the rest');
    expect(titles('Get the queue below 45 minutes').join()).not.toContain('22.5');
  });

  it('end with changing nothing, whose price is named', () => {
    expect(suggest(visits).at(-1)).toMatchObject({
      title: 'Change nothing about visits to the city library for now',
      cons: [expect.stringContaining('15 percent will hardly come about by itself within a year')],
    });
  });

  it('take up ways the goal names', () => {
    const found = titles('We want to sing indoors: either rent a hall in Halle or build one in Leipzig.');
    expect(found.slice(0, 2)).toEqual(['Rent a hall in Halle', 'Build one in Leipzig']);
  });

  it('answer a risk that is known, and combine ways that are', () => {
    const known = { risks: ['Too few volunteers'], options: ['Open on Sundays', 'Extend evenings'] };
    expect(titles(visits, known)).toEqual(
      expect.arrayContaining([
        'Deal first with “Too few volunteers”',
        'Combine “Open on Sundays” with “Extend evenings”',
      ]),
    );
    const text = 'We could open on Sundays or extend evenings. There is a risk that volunteers resign.';
    expect(titles(visits, { text })).toEqual(
      expect.arrayContaining([
        'Deal first with “Volunteers resign”',
        'Combine “Open on Sundays” with “Extend evenings”',
      ]),
    );
  });

  const databases =
    'Options considered: PostgreSQL, MySQL and MongoDB. Risk: nobody on the team knows MongoDB. Budget: 40k EUR.';
  it.each([
    ['Choose a database for the new service', databases, ['PostgreSQL', 'MySQL', 'MongoDB']],
    ['Choose between AWS, Azure and Google Cloud', '', ['AWS', 'Azure', 'Google Cloud']],
    ['Reduce delivery times', 'Options: a second warehouse or a new carrier.', ['Second warehouse', 'New carrier']],
    [
      'Reduce delivery times',
      'We are considering a second warehouse or a new carrier.',
      ['Second warehouse', 'New carrier'],
    ],
    [
      'Get a quieter office',
      'The alternatives are phone booths, carpets and a rota.',
      ['Phone booths', 'Carpets', 'Rota'],
    ],
  ])('are made of the ways that are named: %j, %j', (goal, text, ways) => {
    const found = titles(goal, { text });
    expect(ways.filter((way) => !found.join().includes(way))).toEqual([]);
    expect(found.filter((title) => !ways.some((way) => title.includes(way))).length).toBeLessThanOrEqual(2);
  });

  it('try the way with most risk on a small scale first, and fit one to a constraint of the summary', () => {
    const found = suggest('Choose a database for the new service', { text: databases });
    expect(found[0]).toMatchObject({
      title: 'Try “MongoDB” on a small scale before deciding',
      pros: ['Shows what harm “Nobody on the team knows MongoDB” does while little hangs on it'],
    });
    expect(found[0]?.cons.join()).not.toContain('does nothing by itself');
    expect(JSON.stringify(found)).toContain('Budget: 40k EUR');
    const fitted = titles('Reduce delivery times', { options: ['Second warehouse', 'New carrier'] }, ['No layoffs']);
    expect(fitted).toContain('Fit “Second warehouse” to “No layoffs”');
  });

  it.each([
    'be happy',
    'learn Spanish',
    'Happiness',
    'Become carbon neutral',
    'To get more sleep',
    'We want our team to be less stressed',
  ])('are few where nothing is known, and speak of a goal that is no instruction in its own words: %j', (goal) => {
    const found = suggest(goal);
    const words = goal.replace(/^(?:To|We want our team to) /u, '').toLowerCase();
    const all = found.flatMap(({ title, pros, cons, evidence_to_gather: evidence }) => [
      title,
      ...pros,
      ...cons,
      ...evidence,
    ]);
    const said = all.filter((each) => each.toLowerCase().includes(words));
    expect(found.length).toBe(3);
    expect(said.length).toBeGreaterThan(6);
    expect(said.filter((each) => !each.toLowerCase().includes(`“${words}”`))).toEqual([]);
    expect(
      all.filter((each) => /\b(?:do|for|of|partner) (?:be|learn|become|get|win|happiness)\b/iu.test(each)),
    ).toEqual([]);
  });

  it('weigh every way against the constraints', () => {
    const cons = suggest(visits, {}, ['Staff costs stay below 100,000 euros']).flatMap((option) => option.cons);
    expect(cons.join()).toContain('Has to respect “Staff costs stay below 100,000 euros”');
    expect(
      suggest(visits)
        .flatMap((option) => option.cons)
        .join(),
    ).not.toContain('respect');
  });

  it('suggest nothing that is known, however often one comes back', () => {
    const options: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const found = titles(visits, { options });
      expect(found.filter((title) => options.includes(title))).toEqual([]);
      expect(found.length).toBeGreaterThanOrEqual(3);
      options.push(...found);
    }
  });

  it('speak of the goal, its figures or what is known in every reason', () => {
    const known = { outcomes: ['Families visit more often'], factors: ['The budget vote is in June'] };
    const about = /visits|15 percent|families|budget vote/iu;
    const reasons = suggest(visits, known).flatMap(({ pros, cons, evidence_to_gather: evidence }) => [
      ...pros,
      ...cons,
      ...evidence,
    ]);
    expect(reasons.filter((reason) => !about.test(reason))).toEqual([
      'Leaves little room for the second stage: “within a year”',
    ]);
  });

  it.each(['?????', '🙂🙂🙂🙂🙂', '     a   ', 'x'.repeat(500), '数据库迁移还是保留'])(
    'have an answer to %j',
    (goal) => {
      expect(SUGGEST_OPTIONS.proposal.safeParse({ options: suggest(goal) }).success).toBe(true);
    },
  );
});
