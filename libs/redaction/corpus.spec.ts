import { describe, expect, it } from '@jest/globals';
import { createRedactor, redactionModes } from './index.js';
import { LINES, labelled } from './testing/corpus.js';

describe.each(redactionModes)('%s mode', (mode) => {
  const redactor = createRedactor({ mode });

  it.each(LINES)('%j', (line) => {
    const { text, redacted } = labelled(line, mode);
    expect(redactor.redact(text).text).toBe(redacted);
  });
});
