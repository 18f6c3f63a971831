import { describe, expect, it } from '@jest/globals';
import { uuidv7 } from './ids.js';

describe('UUIDv7', () => {
  it('is the example of RFC 9562 appendix A.6', () => {
    expect(uuidv7(0x017f22e279b0, 'cc318c4dc0c0c07398f')).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('sorts by time', () => {
    const instants = [0, 1, 255, 65_536, 1_700_000_000_000, 2 ** 47];
    const made = instants.map((instant) => uuidv7(instant, '0'.repeat(19)));
    expect([...made].sort()).toEqual(made);
  });
});
