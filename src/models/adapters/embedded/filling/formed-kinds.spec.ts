import { describe, expect, it } from '@jest/globals';
import { fill, object, one } from '../../../../../test/support/form-filling.ts';

describe('a string is', () => {
  it.each([
    ['capital', 'The capital of France is Paris, which lies on the Seine.', 'Paris'],
    ['capital', 'Paris is the capital of France.', 'Paris'],
    ['colour', 'Colour: dark green\nSize: 40', 'dark green'],
    ['website', 'See https://example.com/a?b=1. It is new.', 'https://example.com/a?b=1'],
    ['phone', 'Call +420 777 123 456 today.', '+420 777 123 456'],
    ['reason', 'The school closed because the roof leaked. It is old.', 'the roof leaked'],
    ['location', 'Meet Eva in New York at noon.', 'New York'],
    ['topic', 'Meet Eva to talk about the budget on Monday.', 'budget'],
    ['projectName', 'The project is called Aurora and starts in May.', 'Aurora'],
  ])('the %s of %j', (name, text, expected) => {
    expect(one({ type: 'string' }, text, name)).toBe(expected);
  });

  it.each([
    ['date', 'The deadline is 5 March 2026.', '2026-03-05'],
    ['date', 'It was March 15th, 2026.', '2026-03-15'],
    ['date-time', 'We met on 2026-03-05 at 3 pm.', '2026-03-05T15:00:00Z'],
    ['time', 'It begins at 14:30.', '14:30:00Z'],
    ['email', 'Write to a.b@example.org.', 'a.b@example.org'],
    ['uuid', 'Its id is 123e4567-e89b-42d3-a456-426614174000.', '123e4567-e89b-42d3-a456-426614174000'],
    ['ipv4', 'The host is 10.1.2.3.', '10.1.2.3'],
  ])('a %s in its own form', (format, text, expected) => {
    expect(one({ type: 'string', format }, text)).toBe(expected);
  });

  it('as long as the schema allows and of its pattern', () => {
    const text = 'Code: AB-12\nCode number: 77-CD';
    expect(one({ type: 'string', pattern: '^[A-Z]{2}-\\d+$' }, text, 'code')).toBe('AB-12');
    expect(one({ type: 'string', minLength: 3, maxLength: 5 }, 'Code: AB-12', 'code')).toBe('AB-12');
    expect(() => one({ type: 'string', maxLength: 4 }, 'Code: AB-12', 'code')).toThrow(/requires: \/code/);
  });
});

describe('a number is', () => {
  it.each([
    ['price', 'The lamp weighs 3 kg and costs 40 euros.', 40],
    ['weight', 'The lamp weighs 3 kg and costs 40 euros.', 3],
    ['discount', 'There is 15% off the 40 euros.', 15],
    ['year', 'Founded in 1820, it has 12 mills.', 1820],
    ['mills', 'Founded in 1820, it has 12 mills.', 12],
    ['population', 'The population of the town is 2,100,000 and it has 3 schools.', 2_100_000],
  ])('the %s of %j', (name, text, expected) => {
    expect(one({ type: 'number' }, text, name)).toBe(expected);
  });

  it('one that the schema takes', () => {
    const text = 'The price is 4.5 euros, later the price is 12 euros.';
    expect(one({ type: 'integer' }, text, 'price')).toBe(12);
    expect(one({ type: 'number', maximum: 5 }, text, 'price')).toBe(4.5);
    expect(one({ type: 'number', multipleOf: 4 }, text, 'price')).toBe(12);
  });

  it('not any that happens to stand there', () => {
    expect(() => one({ type: 'integer' }, 'The bus has 40 seats.', 'floors')).toThrow(/floors/);
  });
});

describe('a choice is', () => {
  const values = ['low', 'medium', 'high'];

  it.each([
    ['The priority is high.', 'high'],
    ['Set low, medium or high. This one has low priority.', 'low'],
    ['The priority is not low, it is medium.', 'medium'],
  ])('what %j speaks of', (text, expected) => {
    expect(one({ type: 'string', enum: values }, text, 'priority')).toBe(expected);
  });

  it('the tone of the text where the choices are moods', () => {
    const mood = { type: 'string', enum: ['positive', 'negative', 'neutral'] };
    const ask = 'Classify the sentiment as positive, negative or neutral: ';
    expect(one(mood, `${ask}I love it, the support is excellent!`)).toBe('positive');
    expect(one(mood, `${ask}It is not good. The app is slow and the support was rude.`)).toBe('negative');
    expect(one(mood, `${ask}The parcel has four sides.`)).toBe('neutral');
  });

  it('the one for "not said", null, or a failure, when none is spoken of', () => {
    expect(one({ type: 'string', enum: [...values, 'unknown'] }, 'It rains.')).toBe('unknown');
    expect(one({ type: ['string', 'null'], enum: [...values, null] }, 'It rains.')).toBeNull();
    expect(() => one({ type: 'string', enum: values }, 'It rains.')).toThrow(/requires: \/x/);
  });

  it('a constant, in any case', () => {
    expect(one({ const: 'v1' }, 'It rains.')).toBe('v1');
  });
});

describe('a boolean is', () => {
  it.each([
    ['The hall has parking.', true],
    ['The hall has no parking.', false],
    ['Parking is not available at the hall.', false],
    ['The hall comes without parking.', false],
    ['Has parking: yes', true],
    ['Parking: no', false],
  ])('said or denied in %j', (text, expected) => {
    expect(one({ type: 'boolean' }, text, 'hasParking')).toBe(expected);
  });

  it('null where nobody speaks of it', () => {
    expect(one({ anyOf: [{ type: 'boolean' }, { type: 'null' }] }, 'It rains.', 'hasParking')).toBeNull();
  });
});

describe('an array is', () => {
  const strings = { type: 'array', items: { type: 'string' } };

  it.each([
    ['ingredients', 'Ingredients:\n- flour\n- two eggs\n\nSteps:\n- Mix it.', ['flour', 'two eggs']],
    ['ingredients', 'The ingredients are flour, two eggs, and milk. Mix them.', ['flour', 'two eggs', 'milk']],
    ['colours', 'Colours: red, green and blue', ['red', 'green', 'blue']],
    ['emails', 'Ask a@example.org or b@example.org, not a@example.org.', ['a@example.org', 'b@example.org']],
    ['colours', 'It rains.', []],
  ])('all %s of %j', (name, text, expected) => {
    expect(one(strings, text, name)).toEqual(expected);
  });

  it('all choices that are spoken of and not denied', () => {
    const items = { type: 'string', enum: ['wifi', 'pool', 'parking'] };
    expect(one({ type: 'array', items }, 'There is wifi and a pool. There is no parking.')).toEqual(['wifi', 'pool']);
  });

  it('no longer than it may be, and a failure when it must be longer', () => {
    expect(one({ ...strings, maxItems: 1 }, 'Colours: red, green', 'colours')).toEqual(['red']);
    expect(() => one({ ...strings, minItems: 1 }, 'It rains.', 'colours')).toThrow(/colours/);
  });
});

describe('a union is', () => {
  const circle = object({ kind: { const: 'circle' }, radius: { type: 'number' } });
  const square = object({ kind: { const: 'square' }, side: { type: 'number' } });

  it('the branch of which most is told', () => {
    const schema = object({ shape: { anyOf: [circle, square] } });
    expect(fill(schema, 'Draw a square whose side is 4 cm.')).toEqual({ shape: { kind: 'square', side: 4 } });
  });

  it('of references, however they lead around', () => {
    const node = object({ name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } });
    const schema = { $defs: { node, loop: { $ref: '#/$defs/loop' } }, ...object({ root: { $ref: '#/$defs/node' } }) };
    expect(fill(schema, 'The root is called Alpha.')).toMatchObject({ root: { name: 'Alpha' } });
    const self = object({ next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } });
    expect(fill(self, 'It rains.')).toEqual({ next: null });
    expect(() => fill(object({ x: { $ref: '#/$defs/loop' } }), 'It rains.')).not.toThrow(RangeError);
  });
});
