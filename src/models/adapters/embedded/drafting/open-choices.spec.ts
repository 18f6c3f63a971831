import { describe, expect, it } from '@jest/globals';
import { finished } from '../../../../../test/support/briefs/corpus.ts';
import { proposalFaults } from '../../../../../test/support/briefs/proposal-checker.ts';
import type { DraftDocument, DraftProposal } from '../../../draft-graph.schema.js';
import { draftGraph } from './draft-graph.policy.js';

const draft = (brief: string, documents: readonly DraftDocument[] = []): DraftProposal => {
  const input = { brief, documents, constraints: [], limits: { maxNodes: 50, maxEdges: 200 } };
  const { result } = finished(draftGraph(input));
  expect(proposalFaults(result, input)).toEqual([]);
  return result;
};
const labelsOf = ({ nodes }: DraftProposal, kind: string): readonly string[] =>
  nodes.filter((node) => node.kind === kind).map(({ label }) => label);
const labels = (brief: string, kind: string): readonly string[] => labelsOf(draft(brief), kind);

const nurses = ['Hire two nurses', 'Buy software'];

describe('alternatives become options, each once', () => {
  it.each([
    ['a question', 'Should we hire two nurses or buy software?', nurses],
    ['behind a colon', 'We have to decide: hire two nurses or buy software.', nurses],
    ['in the middle of a sentence', 'By now it is clear that the clinic must hire two nurses or buy software.', nurses],
    ['between dashes', 'Our dilemma — hire two nurses or buy software — has to be resolved by May.', nurses],
    ['alone', 'Staff are tired.\n\nHire two nurses or buy software.', nurses],
    ['with a reason behind', 'We can hire two nurses or buy software, but both are dear.', nurses],
    ['a doubt', "I don't know if we should hire two nurses or buy software.", nurses],
    ['as nouns', 'It comes down to hiring two nurses or buying software.', ['Hiring two nurses', 'Buying software']],
    ['two names', 'Postgres vs MongoDB for the new billing service. Most of us know SQL.', ['Postgres', 'MongoDB']],
    [
      'two names before a remark',
      'Milk robot versus second milker: the robot is 160k.',
      ['Milk robot', 'Second milker'],
    ],
    [
      'behind who chooses',
      'The leader has to choose: push for the summit, wait for the weather, or turn back.',
      ['Push for the summit', 'Wait for the weather', 'Turn back'],
    ],
    ['a title', '# Rail vs. road for timber\n\nThe mill ships 60,000 tonnes a year.', ['Rail', 'Road']],
    ['weighed', 'We are debating Microsoft 365 versus Google Workspace.', ['Microsoft 365', 'Google Workspace']],
    ['undecided', "We can't decide on oak or ash for the new floor.", ['Oak', 'Ash']],
    ['listed in a question', 'Which supplier for the seats: Kiel, Borealis or Vento?', ['Kiel', 'Borealis', 'Vento']],
    ['quotes', 'Two quotes: Mercedes at 185,000 or Ford at 149,000.', ['Mercedes at 185,000', 'Ford at 149,000']],
    ['short names', 'Cat or dog?', ['Cat', 'Dog']],
    [
      'verbs that no list knows',
      'Our alternatives: reamortise the loan, sell the barn, or find a partner.',
      ['Reamortise the loan', 'Sell the barn', 'Find a partner'],
    ],
    ['a second question', 'Do we keep the hall heated? Or shut it down?', ['Keep the hall heated', 'Shut it down']],
    ['questions in a row', 'Sell the boat? Rent it out?', ['Sell the boat', 'Rent it out']],
    [
      'a question by name',
      'Question: do we extend the lease or let it lapse?',
      ['Extend the lease', 'Let the lease lapse'],
    ],
    [
      'what would be given up',
      'Instead of repairing the vans we could lease two bikes.',
      ['Repairing the vans', 'Lease two bikes'],
    ],
    [
      'rather than',
      'We are considering repairing the roof rather than replacing it.',
      ['Repairing the roof', 'Replacing the roof'],
    ],
    [
      'one way and the other',
      'One way is to close the north gate; the other is to hire guards.',
      ['Close the north gate', 'Hire guards'],
    ],
    [
      'the first and the second',
      'There are ideas. The first is to share the lab. The second is to rent benches.',
      ['Share the lab', 'Rent benches'],
    ],
    ['an afterthought', 'We could extend the lease. Or we build a depot.', ['Extend the lease', 'Build a depot']],
    ['rival wishes', 'Anna prefers the wooden floor, Luis wants tiles.', ['Wooden floor', 'Tiles']],
    [
      'wishes of two',
      "My brother would like to lease the fields, I'd rather plant hazelnuts.",
      ['Lease the fields', 'Plant hazelnuts'],
    ],
    [
      'a vote with “or not”',
      'The board will vote on whether to open on Sundays or not.',
      ['Open on Sundays', 'Do not open on Sundays'],
    ],
    [
      'ways to somewhere',
      'Year 9 can go to Wales or to the Lake District.',
      ['Go to Wales', 'Go to the Lake District'],
    ],
  ])('%s: %s', (_form, brief, options) => {
    expect(labels(brief, 'option')).toEqual(options);
  });

  it.each([
    ['what others may do', 'The customer can pay by card or use cash. Visitors can walk or take the tram.'],
    ['what is required of people', 'Volunteers must carry a pass or wear a vest.'],
    ['a condition', 'If the river rises or the dam leaks, tents are wet.'],
    ['a fact', 'Entry is free for children or students. The caretaker or his deputy mops the floor.'],
    ['an extent', 'Every two or three weeks one or more pupils slip, sooner or later all do.'],
    ['figures', 'Sales were 410 vs 380 last year.'],
    ['what is ruled out', 'We must not close the shelter or cut its beds.'],
    ['one thing to do', 'We should review or update the signs.'],
    ['an order', 'Do not renew the contract or extend it without asking me.'],
    ['an errand with a date', 'Call the plumber or send him a mail by 3 May.'],
    ['a memory', 'I was thinking about the old days when we had one shop or maybe two.'],
    ['a concession', 'Whether we like it or not, the law forces us to act.'],
  ])('%s leaves nothing open: %s', (_what, brief) => {
    expect(labels(brief, 'option')).toEqual([]);
  });

  it.each([
    'The manager of the barn must sign the form or send a mail.',
    'In the barn: call the manager or use the hotline.',
    'Lock the barn or call the manager.',
  ])('a document that says what people do leaves nothing open: %s', (text) => {
    const documents = [{ id: 'd1', kind: 'txt', name: 'rules.txt', text } as const];
    const brief = 'Should we open the barn to visitors or lock it?';
    expect(labelsOf(draft(brief, documents), 'option')).toEqual(['Open the barn to visitors', 'Lock the barn']);
  });

  it('names keep their capital in the decision between them', () => {
    expect(labels('For 2027 it is either Lisbon or Tallinn.', 'decision')).toEqual([
      'Choose between Lisbon and Tallinn',
    ]);
  });

  it('a decision that names its options and is too long goes without them', () => {
    const brief =
      'The county must choose a route for the bypass: the northern route, the southern route, a tunnel under the hill or no bypass at all.';
    expect(labels(brief, 'decision')).toEqual(['Choose a route for the bypass']);
    expect(labels(brief, 'option')).toEqual([
      'Northern route',
      'Southern route',
      'Tunnel under the hill',
      'No bypass at all',
    ]);
  });

  it('an opinion that is asked for is not the decision', () => {
    const brief = 'What do you reckon? Wales is closer. We could go to Wales or hire a bus to Rome.';
    expect(labels(brief, 'decision')).toEqual(['Whether to go to Wales or hire a bus to Rome']);
  });

  it('quotes an option where it stands, though its label takes words from its neighbour', () => {
    const { nodes } = draft('Shall we book the lake site or the forest site?');
    expect(
      nodes.filter(({ kind }) => kind === 'option').map(({ label, quotation }) => [label, quotation?.quote]),
    ).toEqual([
      ['Book the lake site', 'book the lake site'],
      ['Book the forest site', 'the forest site'],
    ]);
  });
});
