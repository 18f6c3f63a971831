import { describe, expect, it } from '@jest/globals';
import { alternatives } from './alternatives.policy.js';
import { askedFrom, openFrom } from './subject.policy.js';

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
    ['nothing to choose', 'or', []],
  ] as const)('takes %j apart at "%s"', (text, joiner, expected) => {
    expect(alternatives(text, joiner).map((each) => each.text)).toEqual(expected);
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
    ['it rains', 'it rains'],
  ])('"whether %s" leaves %j open', (text, rest) => {
    expect(text.slice(openFrom(text))).toBe(rest);
  });
});
