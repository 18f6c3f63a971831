import { describe, expect, it } from '@jest/globals';
import { antecedentOf } from './antecedent.policy.js';

describe('what a pronoun means', () => {
  it.each([
    ['it', 'ends in December', 'The health authority pays a grant of 80,000 euros for weekend hours', 'a grant'],
    ['it', 'runs until 2030', 'The council signed a lease for the hall', 'a lease'],
    ['it', 'expires next year', 'The city gave us a permit', 'a permit'],
    ['they', 'cost 400 euros each', 'The school would buy tablets for every class', 'tablets'],
    ['it', 'lapses in June', 'The tax office grants a credit', 'a credit'],
    ['it', 'will start in May', 'Our supplier delivers the first pump', 'the first pump'],
  ] as const)('"%s %s" is the thing that somebody acts on: %j', (pronoun, predicate, clause, meant) => {
    expect(antecedentOf(pronoun, predicate, clause)).toBe(meant);
  });

  it.each([
    ['it', 'wants an answer by May', 'The bank offered a loan', 'The bank'],
    ['they', 'refuse night work', 'The plan needs the drivers', 'the drivers'],
    ['they', 'may complain', 'Tenants know the terms', 'Tenants'],
  ] as const)('"%s %s" is whoever can want or say something: %j', (pronoun, predicate, clause, meant) => {
    expect(antecedentOf(pronoun, predicate, clause)).toBe(meant);
  });

  it.each([
    ['it', 'costs 90,000 euros', 'Opening on Sundays would please families', 'Opening on Sundays'],
    ['it', 'sold well', 'The record was short', 'The record'],
    ['they', 'last ten years', 'The pumps replace a tower', 'The pumps'],
  ] as const)('"%s %s" agrees in number: %j', (pronoun, predicate, clause, meant) => {
    expect(antecedentOf(pronoun, predicate, clause)).toBe(meant);
  });

  it.each([
    ['it', 'leaks', 'The house has a boiler'],
    ['it', 'ends in June', 'We like them'],
    ['they', 'end in June', 'The council signed a lease'],
    ['it', 'costs 5 euros', 'Rain'],
  ] as const)('"%s %s" stays open when two things fit, or none: %j', (pronoun, predicate, clause) => {
    expect(antecedentOf(pronoun, predicate, clause)).toBeUndefined();
  });
});
