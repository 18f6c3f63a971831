import { describe, expect, it } from '@jest/globals';
import { createRedactor, type RedactionMode, redactionModes } from './index.js';
import { LINES, labelled } from './testing/corpus.js';
import { HARD_LINES } from './testing/hard-lines.js';

interface Score {
  readonly right: number;
  readonly found: number;
  readonly wanted: number;
}

/** How many placeholders of each kind a line has and should have. */
function scoreOf(line: string, mode: RedactionMode): Score {
  const { text, expected } = labelled(line, mode);
  const wanted = Map.groupBy(expected, ({ kind }) => kind);
  const counts = Object.entries(createRedactor({ mode }).redact(text).counts);
  return {
    right: counts.reduce((sum, [kind, count]) => sum + Math.min(count, wanted.get(kind as never)?.length ?? 0), 0),
    found: counts.reduce((sum, [, count]) => sum + count, 0),
    wanted: expected.length,
  };
}

function total(lines: readonly string[], mode: RedactionMode): Score {
  const scores = lines.map((line) => scoreOf(line, mode));
  const sum = (pick: (score: Score) => number): number => scores.reduce((all, score) => all + pick(score), 0);
  return { right: sum(({ right }) => right), found: sum(({ found }) => found), wanted: sum(({ wanted }) => wanted) };
}

describe.each(redactionModes)('%s mode', (mode) => {
  const redactor = createRedactor({ mode });

  it.each(LINES)('%j', (line) => {
    const { text, redacted } = labelled(line, mode);
    expect(redactor.redact(text).text).toBe(redacted);
  });
});

describe('over all lines, the hard ones too', () => {
  it.each([
    ['standard', 0.92, 0.9],
    ['strict', 0.92, 0.86],
  ] as const)('%s mode is right in %d of what it takes, and takes %d of what is there', (mode, precision, recall) => {
    const { right, found, wanted } = total([...LINES, ...HARD_LINES], mode);
    expect(right / found).toBeGreaterThanOrEqual(precision);
    expect(right / wanted).toBeGreaterThanOrEqual(recall);
  });
});
