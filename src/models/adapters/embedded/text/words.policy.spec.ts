import { describe, expect, it } from '@jest/globals';
import { stem } from './stem.policy.js';
import { terms, words } from './words.policy.js';

describe('words', () => {
  it.each([
    ['the Wi-Fi drops', ['the', 'Wi-Fi', 'drops']],
    ['180,000 euros at 15:00', ['180,000', 'euros', 'at', '15:00']],
    ['把工厂搬到越南', ['把', '工厂', '搬到', '越南']],
    ['📈 up', ['up']],
  ])('of %j are %j', (text, expected) => {
    expect(words(text, 0).map((word) => word.text)).toEqual(expected);
  });

  it('stand where they say', () => {
    const text = '— the tablets, in Bay 4';
    for (const { text: own, start, end } of words(text, 0)) expect(text.slice(start, end)).toBe(own);
  });

  it('count as terms without grammar, compounds also by their parts', () => {
    expect([...terms(words('the tablet-based systems', 0))]).toEqual(['tablet-bas', 'tablet', 'bas', 'system']);
  });
});

describe('stem', () => {
  it.each([
    [['reduce', 'reduces', 'reduced', 'reducing']],
    [['subsidy', 'subsidies']],
    [['plan', 'plans', 'planned', 'planning']],
    [['bus', 'buses']],
    [["club's", 'club', 'clubs']],
  ])('%j are one word', (forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it.each(['café', '工厂', 'gas', 'is', '2.0'])('leaves %j alone', (word) => {
    expect(stem(word)).toBe(word);
  });
});
