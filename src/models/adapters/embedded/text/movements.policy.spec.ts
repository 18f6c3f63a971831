import { describe, expect, it } from '@jest/globals';
import { contradicts, type Movement, movements, runsAgainst } from './movements.policy.js';
import { words } from './words.policy.js';

const read = (text: string): readonly Movement[] => movements(words(text, 0));
const meet = (one: string, other: string, by: (a: Movement, b: Movement) => boolean): boolean =>
  read(one).some((a) => read(other).some((b) => by(a, b)));

describe('movements', () => {
  it.each([
    ['Revenue rises', 'Revenue falls because prices are lower'],
    ['Costs go down', 'A rise in costs'],
    ['Bring costs down by 20%', 'Costs increase by 5%'],
    ['More customers', 'Fewer customers'],
    ['We gain market share', 'We lose market share'],
    ['Deliveries get faster', 'Delivery becomes slower'],
    ['Plans become more expensive', 'Plans get cheaper'],
    ['The service becomes more reliable', 'The service is less reliable'],
    ['Customers stay', 'Customers leave'],
    ['Revenue grows', 'Revenue does not grow'],
    ['Customer satisfaction improves', 'Customer satisfaction drops'],
    ['Staff costs are reduced', 'Higher staff costs'],
    ['The training gets easier', 'The training becomes harder'],
  ])('%j and %j contradict each other, whichever comes first', (one, other) => {
    expect([meet(one, other, contradicts), meet(other, one, contradicts)]).toEqual([true, true]);
  });

  it.each([
    ['Revenue rises', 'Sales of tickets rise'],
    ['Revenue rises in the north', 'Revenue falls in the south'],
    ['Staff costs rise', 'Energy costs fall'],
    ['Staff costs rise', 'Costs fall'],
    ['Revenue rises', 'Prevents revenue from falling'],
    ['We gain customers', 'Reduces the risk of losing customers'],
    ['Revenue rises', 'Revenue does not fall'],
    ['Lower prices raise revenue', 'Lower prices raise attendance'],
    ['Deliveries get faster', 'Deliveries get cheaper'],
    ['Sundays attract families', 'Evenings suit commuters'],
  ])('%j and %j can both hold', (one, other) => {
    expect(meet(one, other, contradicts)).toBe(false);
  });

  it.each([
    ['Staff costs rise by 5%', 'Reduce costs', true],
    ['Fewer visits by tourists', 'Raise visits by 15 percent within a year', true],
    ['Churn rises', 'Cut churn to 5%', true],
    ['Visits rise', 'Raise visits by 15 percent within a year', false],
    ['Prices fall', 'Raise visits', false],
  ])('%j runs against %j: %j', (result, goal, expected) => {
    expect(meet(result, goal, runsAgainst)).toBe(expected);
  });
});
