import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor, createStreamRedactor, type RedactionMode, redactionModes } from './index.js';
import { LINES, labelled } from './testing/corpus.js';
import { hostileText } from './testing/hostile-text.js';

const standard = createRedactor({ mode: 'standard' });
const strict = createRedactor({ mode: 'strict' });
const choices = fc.array(fc.nat(), { maxLength: 14 });
const PLACEHOLDER = /\[redacted:[a-z_]+\]/;

describe('a redacted text', () => {
  it('counts what it replaced, by kind', () => {
    expect(standard.redact('a@b.co, c@d.io, 4111 1111 1111 1111').counts).toEqual({ email: 2, credit_card: 1 });
    expect(standard.redact('nothing').counts).toEqual({});
  });

  it.each(redactionModes)('differs from the original in its matches only, in %s mode', (mode) => {
    const redactor = createRedactor({ mode });
    const texts = LINES.map((line) => labelled(line, mode).text);
    fc.assert(
      fc.property(choices, (chosen) => {
        const text = hostileText(texts, chosen).replaceAll('[', '(');
        const { text: redacted, counts } = redactor.redact(text);
        const kept = redacted.split(PLACEHOLDER);
        expect(kept.length - 1).toBe(Object.values(counts).reduce((sum, count) => sum + count, 0));
        let from = 0;
        for (const part of kept) {
          const found = text.indexOf(part, from);
          expect(found).toBeGreaterThanOrEqual(from);
          from = found + part.length;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps halves of surrogate pairs and control characters', () => {
    const text = '\ud83d a \udf89 \0\u0001 b@c.de \ud83c';
    expect(standard.redact(text).text).toBe(text.replace('b@c.de', '[redacted:email]'));
  });

  it('is found behind more text than is encoded at a time, whatever its characters', () => {
    for (const filler of ['a ', 'é ', '你', '🎉', '\ud83d'])
      for (const length of [4_094, 4_095, 4_096, 4_097, 9_000]) {
        const before = filler.repeat(length);
        expect(standard.redact(`${before} a@b.co ${before} 4111111111111111`).counts).toEqual({
          email: 1,
          credit_card: 1,
        });
      }
  });
});

describe('a redacted value', () => {
  it('has its strings redacted and everything else as it was, in order', () => {
    const value = { b: ['a@b.co', 1, null, true, { z: 'x', a: '10.1.2.3' }], a: 1.5, text: 'no' };
    const copy = structuredClone(value);
    const redacted = standard.redactValue(value);
    expect(JSON.stringify(redacted.value)).toBe(
      '{"b":["[redacted:email]",1,null,true,{"z":"x","a":"[redacted:ip_address]"}],"a":1.5,"text":"no"}',
    );
    expect(redacted.counts).toEqual({ email: 1, ip_address: 1 });
    expect(value).toEqual(copy);
  });

  it('reads a name as what stands before the text', () => {
    const value = { phone: '4155552671', id: '4155552671', ssn: ['123456789'] };
    expect(standard.redactValue(value).value).toEqual({
      phone: '[redacted:phone]',
      id: '4155552671',
      ssn: ['[redacted:us_ssn]'],
    });
  });

  it('has values with the name of a secret replaced whole', () => {
    const value = { password: 'it', clientSecret: 'a b', 'x-api-key': 17, empty_password: '', nested: { pwd: ['a'] } };
    expect(standard.redactValue(value)).toEqual({
      value: {
        password: '[redacted:secret]',
        clientSecret: '[redacted:secret]',
        'x-api-key': '[redacted:secret]',
        empty_password: '',
        nested: { pwd: ['[redacted:secret]'] },
      },
      counts: { secret: 4 },
    });
  });

  it('has values with a personal name replaced whole in strict mode only', () => {
    const value = { date_of_birth: '1980', passportNumber: 'X1', name: 'Ada' };
    expect(standard.redactValue(value).value).toEqual(value);
    expect(strict.redactValue(value).value).toEqual({
      date_of_birth: '[redacted:date_of_birth]',
      passportNumber: '[redacted:identity_number]',
      name: 'Ada',
    });
  });

  it('has numbers redacted that are more than numbers', () => {
    const value = { card: 4_111_111_111_111_111, at: 1_714_560_000_000, big: 4_111_111_111_111_111n };
    expect(standard.redactValue(value).value).toEqual({
      card: '[redacted:credit_card]',
      at: 1_714_560_000_000,
      big: '[redacted:credit_card]',
    });
  });

  it('is the same when redacted again', () => {
    const value = { password: 'x', mail: 'a@b.co', list: [{ dob: '1980-01-01', tel: '4155552671' }] };
    const once = strict.redactValue(value).value;
    expect(strict.redactValue(once)).toEqual({ value: once, counts: {} });
  });

  it('has its names redacted when asked to, and loses none of them', () => {
    const value = { 'a@b.co': 1, 'c@d.io': 2, plain: { 'e@f.de': [3] }, phone: '4155552671' };
    expect(standard.redactValue(value, { names: 'redacted' })).toEqual({
      value: {
        '[redacted:email]': 1,
        '[redacted:email] 2': 2,
        plain: { '[redacted:email]': [3] },
        phone: '[redacted:phone]',
      },
      counts: { email: 3, phone: 1 },
    });
    expect(Object.keys(standard.redactValue(value).value as object)).toEqual(Object.keys(value));
  });

  it.each([
    ['many small values', Array.from({ length: 10_000 }, (_, index) => [index, 'b@c.de'])],
    ['some long ones', Array.from({ length: 20 }, () => 'x '.repeat(10_000))],
  ])('is the same when it is made in steps: %s', (_what, value) => {
    const steps = standard.redactInSteps(value);
    let count = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) count += 1;
    expect(step.value).toEqual(standard.redactValue(value));
    expect(count).toBeGreaterThan(5);
  });

  it('cannot change a prototype', () => {
    const redacted = standard.redactValue(JSON.parse('{"__proto__":{"polluted":"a@b.co"},"constructor":"x"}')).value;
    expect(JSON.stringify(redacted)).toBe('{"__proto__":{"polluted":"[redacted:email]"},"constructor":"x"}');
    expect(Object.hasOwn(redacted as object, '__proto__')).toBe(true);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('hides what is too deep, what contains itself and what is no JSON, instead of passing it', () => {
    let deep: unknown = 'a@b.co';
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    expect(JSON.stringify(standard.redactValue(deep).value)).not.toContain('a@b.co');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(standard.redactValue(circle).counts).toEqual({ uninspected: 1 });
    expect(standard.redactValue({ map: new Map([['a', 'a@b.co']]), at: new Date(0) }).value).toEqual({
      map: '[redacted:uninspected]',
      at: '[redacted:uninspected]',
    });
  });
});

describe('a stream', () => {
  it('answers prose a word later, not more', () => {
    const redactor = createStreamRedactor({ mode: 'standard' });
    expect(redactor.push('The crane is her')).toBe('The crane is ');
    expect(redactor.push('e. Mail a@b.c')).toBe('here. Mail ');
    expect(redactor.push('o, ')).toBe('[redacted:email], ');
    expect(redactor.end()).toBe('');
  });

  it('answers the placeholder of a private key at its first line, and keeps nothing of what follows', () => {
    const redactor = createStreamRedactor({ mode: 'standard' });
    expect(redactor.push('-----BEGIN PRIVATE KEY-----')).toBe('[redacted:private_key]');
    for (let line = 0; line < 1_000; line += 1) expect(redactor.push(`\n${'Ab1+'.repeat(16)}`)).toBe('');
    expect(redactor.push('\n-----END PRIVATE KEY-----\nafter ')).toBe('\nafter ');
    expect(redactor.counts).toEqual({ private_key: 1 });
  });

  it.each(redactionModes)('never holds back more than 1,200 units, in %s mode', (mode) => {
    const texts = LINES.map((line) => labelled(line, mode).text);
    fc.assert(fc.property(choices, (chosen) => mostHeld(mode, hostileText(texts, chosen)) <= 1_200));
    expect(mostHeld(mode, `eyJ${'a'.repeat(3_000)}`)).toBeGreaterThan(1_000);
    expect(mostHeld(mode, `${'a'.repeat(3_000)}@${'b.'.repeat(3_000)}`)).toBeLessThan(400);
  });

  it('answers both halves of a surrogate pair together', () => {
    const redactor = createStreamRedactor({ mode: 'standard' });
    expect(redactor.push('a \ud83c')).toBe('a ');
    expect(redactor.push('\udf89 b')).toBe('🎉 ');
    expect(redactor.push(' \ud83c')).toBe('b ');
    expect(redactor.end()).toBe('\ud83c');
  });

  it('serves one text', () => {
    const redactor = createStreamRedactor({ mode: 'standard' });
    redactor.end();
    expect(() => redactor.push('more')).toThrow(TypeError);
  });
});

/** The most that was pushed and not answered, as long as nothing is replaced: then the lengths say it. */
function mostHeld(mode: RedactionMode, text: string): number {
  const redactor = createStreamRedactor({ mode });
  let [held, most] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    held += 1 - redactor.push(text.charAt(at)).length;
    if (Object.keys(redactor.counts).length > 0) return most;
    most = Math.max(most, held);
  }
  return most;
}
