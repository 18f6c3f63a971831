import { describe, expect, it } from '@jest/globals';
import { denialIn } from './denial.policy.js';

describe('words before a cue', () => {
  it.each([
    ['We do not ', 'not '],
    ['But we don’t ', 'don’t '],
    ['Nobody ', 'Nobody '],
    ['No one here ', 'No one here '],
    ['Neither Anna nor Ben ', 'Neither Anna nor Ben '],
    ['No member of the board ', 'No member of the board '],
    ['It rains, and we never ', 'never '],
  ])('%j deny what follows', (lead, from) => {
    const at = denialIn(lead);
    expect(at === undefined ? undefined : lead.slice(at)).toBe(from);
  });

  it.each([['We '], ['The tanks do not work and we '], ['We not only '], ['Nobody came, so we '], ['']])(
    '%j deny nothing of what follows',
    (lead) => {
      expect(denialIn(lead)).toBeUndefined();
    },
  );
});
