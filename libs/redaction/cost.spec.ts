import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createRedactor, createStreamRedactor, redactionModes } from './index.js';
import { Window } from './scan/window.js';
import { baits } from './testing/baits.js';

const LENGTH = 50_000;
/** Reads of detectors for each unit of the text: what the worst bait costs, with some room. */
const MAX_READS = 120;

/** Counts what detectors read: they see the text through a window only. */
describe.each(redactionModes)('in %s mode', (mode) => {
  const { at, before } = Window.prototype;
  let reads = 0;

  beforeEach(() => {
    reads = 0;
    Window.prototype.at = function (this: Window, index) {
      reads += 1;
      return at.call(this, index);
    };
    Window.prototype.before = function (this: Window, index) {
      reads += 1;
      return before.call(this, index);
    };
  });

  afterEach(() => {
    Object.assign(Window.prototype, { at, before });
  });

  it.each(baits(LENGTH))('a text of %j takes time in proportion to its length', (_piece, text) => {
    const redactor = createRedactor({ mode });
    redactor.redact(text.slice(0, LENGTH / 2));
    const half = reads;
    reads = 0;
    redactor.redact(text);
    expect(reads).toBeLessThan(MAX_READS * LENGTH);
    expect(reads).toBeLessThan(2.5 * half + LENGTH);
  });

  it.each(baits(5_000))(
    'a stream of %j in small chunks reads no unit more often than the window allows',
    (_piece, text) => {
      const redactor = createStreamRedactor({ mode });
      for (let from = 0; from < text.length; from += 4) redactor.push(text.slice(from, from + 4));
      redactor.end();
      expect(reads).toBeLessThan(1_500 * text.length);
    },
  );
});

describe('a list in a member with a long name', () => {
  it('has the name read once, not for each of its values', () => {
    const name = 'a'.repeat(LENGTH);
    const lower = jest.spyOn(String.prototype, 'toLowerCase');
    try {
      createRedactor({ mode: 'strict' }).redactValue({ [name]: Array(1_000).fill('b') });
      const readings = lower.mock.contexts.filter((text) => String(text).length === LENGTH);
      expect(readings.length).toBeGreaterThan(0);
      expect(readings.length).toBeLessThan(5);
    } finally {
      lower.mockRestore();
    }
  });
});
