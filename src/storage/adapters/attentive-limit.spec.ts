import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { attentiveLimit } from './attentive-limit.js';

const LIMIT_MS = 40;

function blockFor(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

function begin() {
  const passed = Promise.withResolvers<void>();
  let late = false;
  const callOff = attentiveLimit(LIMIT_MS, () => {
    late = true;
    passed.resolve();
  });
  return { callOff, passed: passed.promise, late: () => late };
}

describe('a limit on the wait for an answer', () => {
  it('passes', async () => {
    const { passed } = begin();
    await passed;
  });

  it('does not pass while the process is too busy to notice an answer', async () => {
    const { passed, late } = begin();
    blockFor(3 * LIMIT_MS);
    await turn();
    await turn();
    expect(late()).toBe(false);
    await passed;
  });

  it('passes in a process that is busy for ever', async () => {
    const { late } = begin();
    for (let round = 0; round < 6; round++) {
      blockFor(3 * LIMIT_MS);
      await turn();
    }
    await turn();
    expect(late()).toBe(true);
  });

  it('is over when it is called off', async () => {
    const first = begin();
    first.callOff();
    await begin().passed;
    expect(first.late()).toBe(false);
  });
});
