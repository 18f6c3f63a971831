import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { StandardOutput } from './standard-output.js';

let written: string[] = [];
let clock: FakeClock;
let output: StandardOutput;

beforeEach(() => {
  written = [];
  clock = new FakeClock();
  output = new StandardOutput(clock, { write: (text) => written.push(text), flushSync: () => written.push('flushed') });
});

describe('standard output', () => {
  it('lines of one moment are written together, in their order', async () => {
    output.write('first\n');
    output.write('second\n');
    expect(written).toEqual([]);
    await clock.advance(100);
    expect(written).toEqual(['first\nsecond\n']);
    await clock.advance(100);
    expect(written).toHaveLength(1);
  });

  it('much is written at once', () => {
    output.write('first\n');
    const long = 'x'.repeat(5_000);
    output.write(long);
    expect(written).toEqual([`first\n${long}`]);
  });

  it('the end of the process waits for no moment', () => {
    output.write('last\n');
    output.flushSync();
    expect(written).toEqual(['last\n', 'flushed']);
  });
});
