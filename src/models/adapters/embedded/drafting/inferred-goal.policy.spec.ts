import { describe, expect, it } from '@jest/globals';
import { finished } from '../../../../../test/support/briefs/corpus.ts';
import { proposalFaults } from '../../../../../test/support/briefs/proposal-checker.ts';
import { draftGraph } from './draft-graph.policy.js';

const goalsOf = (brief: string): readonly string[] => {
  const input = { brief, documents: [], constraints: [], limits: { maxNodes: 50, maxEdges: 200 } };
  const { result } = finished(draftGraph(input));
  expect(proposalFaults(result, input)).toEqual([]);
  return result.nodes.filter(({ kind }) => kind === 'goal').map(({ label }) => label);
};

describe('a brief that states no goal', () => {
  it.each([
    [
      'what others ask for',
      'Either we raise the fee, or we show ads. Our investors are asking for break-even by December. Ads annoy people.',
      'Break-even by December',
    ],
    ['what is needed', 'Need a new ambulance. Two quotes: Mercedes or Ford. The old one broke down.', 'New ambulance'],
    [
      'what an instruction makes better',
      'Reduce food waste in the canteen. Smaller plates or a counter? Plates are cheap.',
      'Reduce food waste in the canteen',
    ],
    [
      'what grows worse',
      'We have to decide: hire two nurses or buy software. Waiting times doubled since March.',
      'Remedy: waiting times doubled since March',
    ],
    [
      'what people complain about',
      'Our bakery delivers with two vans. We could lease two bikes. Customers complain about the noise at 5 am.',
      'Remedy: customers complain about the noise at 5 am',
    ],
    [
      'what broke, though an option speaks of it',
      'Choose between a heat pump and a new boiler. The boiler broke last week.',
      'Remedy: boiler broke last week',
    ],
    [
      'why somebody asks',
      'We wonder whether we ought to print the magazine or go online, because the volunteers are worn out.',
      'Remedy: volunteers are worn out',
    ],
    [
      'what is feared, where nothing is wrong yet',
      'Should we move the camp? If the river rises or the dam leaks, tents will be lost.',
      'Avert: the river rises or the dam leaks',
    ],
    [
      'what an option promises',
      'Postgres vs MongoDB. MongoDB would let us ship faster. Most of the team knows SQL.',
      'Ship faster',
    ],
  ])('has for its goal %s', (_what, brief, goal) => {
    expect(goalsOf(brief)).toEqual([goal]);
  });

  it.each([
    [
      'what speaks against one option alone',
      'The clinic must hire two nurses or buy software. Nurses are hard to find in our region.',
      'Settle: hire two nurses or buy software',
    ],
    [
      'a price',
      'The board will vote on whether to open on Sundays or not. Heating on Sundays costs 900 euros a month.',
      'Settle: open on Sundays or not',
    ],
    [
      'what would follow from one option',
      'Should our city ban short lets or cap them at 90 nights? Hosts say a ban would ruin them.',
      'Settle: ban short lets or cap them at 90 nights',
    ],
    ['what is fine', 'Cat or dog? The garden is fine.', 'Settle: cat or dog'],
    [
      'a date',
      'Should we tour Japan or record the Mahler cycle? The offer of the label expires on 31 January.',
      'Settle: tour Japan or record the Mahler cycle',
    ],
    [
      'a question',
      'Do we keep the greenhouse heated? Or shut it down? What would it cost to insulate it?',
      'Settle: keep the greenhouse heated or shut it down',
    ],
    [
      'a fact',
      "I don't know if I should take the job in Zurich or stay in Porto. My parents are getting old.",
      'Settle: take the job in Zurich or stay in Porto',
    ],
    [
      'what only points back',
      'Sell the boat? Rent it out? It costs us 3,400 euros in mooring fees.',
      'Settle: sell the boat or rent it out',
    ],
    ['what was asked of the reader', 'What do you think? Wales or Norway? Best wishes, Jo', 'Settle: Wales or Norway'],
  ])('does not take %s for its goal', (_what, brief, goal) => {
    expect(goalsOf(brief)).toEqual([goal]);
  });

  it('names long options by their beginning rather than leave one out', () => {
    const [goal = ''] = goalsOf(
      'Should we keep the old brick warehouse by the northern harbour, sell it to the shipping company from Bremen, or turn it into flats for seasonal workers?',
    );
    expect(goal.length).toBeLessThanOrEqual(110);
    expect(goal).toMatch(/^Settle: keep .*, sell .* or turn /);
  });

  it('keeps its stated goal, whatever goes wrong besides', () => {
    expect(goalsOf('Our goal is to win new members. The roof leaks. Should we repair it or move?')).toEqual([
      'Win new members',
    ]);
  });
});
