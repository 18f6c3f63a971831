import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor, createStreamRedactor, type Redaction, type RedactionMode, redactionModes } from './index.js';
import { LINES, labelled } from './testing/corpus.js';
import { hostileText } from './testing/hostile-text.js';

function streamed(mode: RedactionMode, chunks: readonly string[]): Redaction {
  const redactor = createStreamRedactor({ mode });
  const text = chunks.map((chunk) => redactor.push(chunk)).join('') + redactor.end();
  return { text, counts: redactor.counts };
}

/** Pieces of the given sizes, in turn, over UTF-16 units: pairs of surrogates are cut too. */
function pieces(text: string, sizes: readonly number[]): string[] {
  const chunks: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(text.slice(at, at + size));
    at += size;
  }
  return chunks;
}

const choices = fc.array(fc.nat(), { maxLength: 14 });

describe.each(redactionModes)('a stream in %s mode', (mode) => {
  const redactor = createRedactor({ mode });
  const texts = LINES.map((line) => labelled(line, mode).text);

  it.each(texts)('equals the whole text wherever it is cut in two: %j', (text) => {
    const whole = redactor.redact(text);
    for (let at = 0; at <= text.length; at += 1)
      expect(streamed(mode, [text.slice(0, at), text.slice(at)])).toEqual(whole);
  });

  it.each(texts)('equals the whole text in pieces of one unit: %j', (text) => {
    expect(streamed(mode, [...pieces(text, [1])])).toEqual(redactor.redact(text));
  });

  it('equals the whole text for any text and any cuts', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(choices, sizes, (chosen, cuts) => {
        const text = hostileText(texts, chosen);
        expect(streamed(mode, pieces(text, cuts))).toEqual(redactor.redact(text));
      }),
      { numRuns: 1_500 },
    );
  });

  it('redacts what it redacted to itself', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const once = redactor.redact(hostileText(texts, chosen)).text;
        expect(redactor.redact(once)).toEqual({ text: once, counts: {} });
      }),
      { numRuns: 3_000 },
    );
  });

  it('leaves a chain of octets alone whose end it has redacted', () => {
    const once = redactor.redact('00:1a:00:1a:00:1a:1.2.3.4').text;
    expect(once).toBe('00:1a:00:1a:00:1a:[redacted:ip_address]');
    expect(redactor.redact(once)).toEqual({ text: once, counts: {} });
  });
});
