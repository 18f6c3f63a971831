import { describe, expect, it } from '@jest/globals';
import type { TextRequest } from '../../../provider.port.js';
import { answer } from './answer.policy.js';
import { withinBudget } from './budget.policy.js';

type Messages = TextRequest['messages'];

const told = (messages: Messages): string[] => Array.from(answer(messages)).filter((each) => each !== undefined);
const report =
  'The fire crossed Highway 12 overnight. The county has five ambulances. Captain Mora closed the school on Monday. ' +
  'The shelter opened because the motel was full. Water costs 40 euros per load.';
const asked = (content: string): Messages => [
  { role: 'system', content: report },
  { role: 'user', content },
];

describe('answer', () => {
  it.each([
    ['How many ambulances does the county have?', ['The county has five ambulances.']],
    ['Why did the shelter open?', ['The shelter opened because the motel was full.']],
    ['Who closed the school?', ['Captain Mora closed the school on Monday.']],
    ['What does water cost?', ['Water costs 40 euros per load.']],
  ])('%j is answered in the words of the conversation', (question, expected) => {
    expect(told(asked(question))).toEqual(expected);
  });

  it('says so when nothing given has to do with the question', () => {
    expect(told(asked('Where do penguins nest?'))).toEqual(['Nothing given here answers “Where do penguins nest?”.']);
  });

  it('takes what follows a colon as the material', () => {
    const made = told([{ role: 'user', content: `Summarise this: ${report}` }]);
    expect(made.length).toBeGreaterThan(1);
    for (const sentence of made) expect(report).toContain(sentence);
  });

  it('keeps the order of the conversation', () => {
    const made = told(asked('What about the school and the ambulances of the county?'));
    expect(made).toEqual(['The county has five ambulances.', 'Captain Mora closed the school on Monday.']);
  });

  it('answers the last user message', () => {
    const made = told([
      ...asked('Who closed the school?'),
      { role: 'assistant', content: 'Captain Mora.' },
      { role: 'user', content: 'What does water cost?' },
    ]);
    expect(made).toEqual(['Water costs 40 euros per load.']);
  });

  it.each([[[]], [[{ role: 'user', content: '' } as const]], [[{ role: 'system', content: report } as const]]])(
    'has nothing to say to %j',
    (messages) => {
      expect(told(messages)).toEqual([]);
    },
  );
});

describe('withinBudget', () => {
  it.each([
    ['one two three', 100, 'one two three'],
    ['one two three', 2, 'one two'],
    ['one two three', 0, ''],
    ['😀😀😀', 1, '😀'],
    ['ééé', 1, 'éé'],
  ])('of %j for %j tokens is %j', (text, tokens, expected) => {
    expect(withinBudget(text, tokens)).toBe(expected);
  });
});
