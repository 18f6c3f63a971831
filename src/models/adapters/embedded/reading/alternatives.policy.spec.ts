import { describe, expect, it } from '@jest/globals';
import { alternatives, courses } from './alternatives.policy.js';
import { askedFrom, isConceded, openFrom } from './subject.policy.js';

describe('alternatives', () => {
  it.each([
    ['keep paper, buy tablets or hire a clerk', 'or', ['keep paper', 'buy tablets', 'hire a clerk']],
    ['buy or lease new buses', 'or', ['buy new buses', 'lease new buses']],
    [
      'ban phones for the whole day, or only during lessons',
      'or',
      ['ban phones for the whole day', 'ban phones only during lessons'],
    ],
    [
      'drop the fee for everyone or only for people under 26',
      'or',
      ['drop the fee for everyone', 'drop the fee only for people under 26'],
    ],
    ['MIT, Apache-2.0 and AGPL', 'and', ['MIT', 'Apache-2.0', 'AGPL']],
    ['keep the supplier or change to a cheaper one', 'or', ['keep the supplier', 'change to a cheaper supplier']],
    ['two or 3', 'or', []],
    ['hire one or two clerks', 'or', []],
    ['sooner or later', 'or', []],
    ['a new van, or so', 'or', []],
    ['book the lake site or the forest site', 'or', ['book the lake site', 'book the forest site']],
    ['repair the roof rather than replace it', 'or', ['repair the roof', 'replace the roof']],
    ['paint it now or after the season', 'or', ['paint it now', 'paint it after the season']],
    ['drive to Kent or to Wales', 'or', ['drive to Kent', 'drive to Wales']],
    ['stay or move to Kent', 'or', ['stay', 'move to Kent']],
    ['a heat pump or a boiler for the old school', 'or', ['a heat pump', 'a boiler']],
    ['a gift for Ann or a gift for Bob', 'or', ['a gift for Ann', 'a gift for Bob']],
    ['buy oats or wheat, but both are dear', 'or', ['buy oats', 'wheat']],
    [Array.from('abcdefghijklmn', (letter) => `buy ${letter}ats`).join(' or '), 'or', []],
    ['nothing to choose', 'or', []],
  ] as const)('takes %j apart at "%s"', (text, joiner, expected) => {
    expect(alternatives(text, joiner).map((each) => each.text)).toEqual(expected);
  });

  it.each([
    ['hire a clerk or buy a printer', 2],
    ['hiring a clerk or buying a printer', 2],
    ['fence the plots, allow hunting, or leave it', 3],
    ['hire a clerk or a porter', 2],
    ['check or update the signs', 0],
    ['oak or ash', 0],
    ['hire a clerk or none of them', 0],
  ])('%j names %d things to do', (text, count) => {
    expect(courses(text)).toHaveLength(count);
  });

  it('says where each stands', () => {
    const text = 'stay here or move away';
    expect(alternatives(text, 'or').map(({ span }) => text.slice(span.start, span.end))).toEqual([
      'stay here',
      'move away',
    ]);
  });
});

describe('what a question is about', () => {
  it.each([
    ['Should we move the office?', 'move the office?'],
    ['Should the city buy battery buses?', 'buy battery buses?'],
    ['So should Northfield School ban phones?', 'ban phones?'],
    ['Which licence is best?', 'Which licence is best?'],
  ])('%j asks whether to %j', (question, rest) => {
    expect(question.slice(askedFrom(question))).toBe(rest);
  });

  it.each([
    ['to drop the fee', 'drop the fee'],
    ['the museum should drop the fee', 'drop the fee'],
    ['we ought to drop the fee', 'drop the fee'],
    ['it rains', 'it rains'],
  ])('"whether %s" leaves %j open', (text, rest) => {
    expect(text.slice(openFrom(text))).toBe(rest);
  });

  it.each([
    ['Whether we like it or not, we must act.', true],
    ['Whether to open on Sundays or not is for the board.', false],
    ['Whether we buy or lease, we must act.', false],
  ])('%j concedes what it names: %s', (text, conceded) => {
    expect(isConceded(text)).toBe(conceded);
  });
});
