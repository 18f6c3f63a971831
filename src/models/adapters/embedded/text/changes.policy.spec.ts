import { describe, expect, it } from '@jest/globals';
import { changes } from './changes.policy.js';
import { words } from './words.policy.js';

const signs = (text: string): readonly number[] => changes(words(text, 0)).map(({ sign }) => sign);

describe('a change of something that can be judged', () => {
  it.each([
    'Waiting times are expected to fall by a third',
    'it would reduce complaints',
    'accidents were halved last year',
    'churn is likely to decline',
    'the number of errors would drop',
    'there would be fewer delays',
    'response times get shorter',
    'emissions will go down',
    'insulation brings heating costs down',
  ])('is good when something bad becomes less: %j', (text) => {
    expect(signs(text)).toEqual([1]);
  });

  it.each([
    'it would raise staff costs by 12%',
    'complaints about noise could rise again',
    'accident numbers are climbing',
    'we expect longer queues',
    'an increase in absenteeism',
    'emissions may go up',
    'rents would double',
  ])('is bad when something bad becomes more: %j', (text) => {
    expect(signs(text)).toEqual([-1]);
  });

  it.each([
    'visitor numbers fell',
    'the merger would cut revenue',
    'cuts to safety',
    'we would lose passengers',
    'a drop in ridership',
    'less reliable service',
    'the grant expires in June',
  ])('is bad when something good becomes less: %j', (text) => {
    expect(signs(text)).toEqual([-1]);
  });

  it.each(['attendance would rise', 'it could attract guests', 'more reliable buses', 'growing profits'])(
    'is good when something good becomes more: %j',
    (text) => {
      expect(signs(text)).toEqual([1]);
    },
  );

  it.each([
    ['stop costs from rising', 1],
    ['avoid raising fares', 1],
    ['prevent a rise in crime', 1],
    ['avoid a fall in output', 1],
  ])('is undone by what prevents it: %j', (text, sign) => {
    expect(signs(text)).toEqual([sign]);
  });

  it.each([
    ['complaints about quality would fall', 1],
    ['safety complaints would fall', 1],
    ['the quality of the complaints desk would fall', -1],
  ])('is judged by the head of the thing, not by what hangs on it: %j', (text, sign) => {
    expect(signs(text)).toEqual([sign]);
  });

  it.each([
    'more than 40 complaints',
    'we fall behind',
    'it costs no more',
    'the tower would rise above the town',
    'the lower slope lies in shade',
    'the course starts in the fall',
    'opening hours become longer',
  ])('is not seen in %j', (text) => {
    expect(signs(text)).toEqual([]);
  });
});
