import { describe, expect, it } from '@jest/globals';
import { boundsIn, exceeds } from './bounds.policy.js';

const isOver = (need: string, limit: string): boolean =>
  boundsIn(need).some((one) => boundsIn(limit).some((other) => exceeds(one, other)));

describe('bounds', () => {
  it.each([
    ['Opening costs 90,000 EUR', 'Budget is 50,000 EUR'],
    ['The move comes to €120k', 'Budget: 100k EUR'],
    ['The campaign takes EUR 30,000', 'We can spend at most 20,000 euros'],
    ['The opening costs 90,000 euros', 'The budget for the opening is 50,000 euros'],
    ['The move takes 6 months', 'It must be done within 12 weeks'],
    ['The migration goes live in September 2027', 'Deadline: June 2027'],
    ['Ready on 15 April 2027', 'Everything has to be finished by 1 March 2027'],
    ['Invite 300 guests', 'The hall seats 200 guests'],
    ['Needs 15 people', 'The board has set a limit of 12 people'],
    ['Hire 14 engineers', 'Headcount is capped at 12 engineers'],
    ['Opening costs 90,000 EUR, over the budget of 50,000 EUR', 'The budget is 50,000 EUR'],
  ])('%j is over %j', (need, limit) => {
    expect(isOver(need, limit)).toBe(true);
  });

  it.each([
    ['Opening costs 40,000 EUR', 'Budget is 50,000 EUR', 'less'],
    ['Opening costs 90,000 dollars', 'Budget is 50,000 EUR', 'another currency'],
    ['The building costs 90,000 EUR', 'The marketing budget is 10,000 EUR', 'another budget'],
    ['Brings in revenue of 90,000 EUR', 'Budget is 50,000 EUR', 'an income'],
    ['Invite 300 guests', 'The hall holds at most 40 tables', 'another thing'],
    ['The move takes 6 weeks', 'It must be done within 3 months', 'a shorter time'],
    ['Costs rise by 20%', 'Budget is 10 EUR', 'a share'],
    ['We ask the volunteers in May 2027', 'The hall is booked until March 2027', 'no need'],
  ])('%j is not over %j: %s', (need, limit) => {
    expect(isOver(need, limit)).toBe(false);
  });
});
