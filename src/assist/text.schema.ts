import { z } from 'zod';
import { isStorableText } from '#src/kernel/index.js';
import { countCharacters } from './graph/text.policy.js';

const BRIEF_MIN = 30;
const BRIEF_MAX = 5_000;

/**
 * Text of `min` to `max` characters (Unicode code points). White space around it does not make it longer, and is not
 * taken away. Lone surrogates and U+0000 are no text.
 */
export const text = (min: number, max: number) =>
  z
    .string()
    .check((context) => {
      const { value } = context;
      const [tooShort, tooLong] = [countCharacters(value.trim()) < min, countCharacters(value) > max];
      const issue = { input: value, origin: 'string', inclusive: true } as const;
      if (tooShort)
        context.issues.push({ ...issue, code: 'too_small', minimum: min, message: `At least ${min} characters` });
      if (tooLong)
        context.issues.push({ ...issue, code: 'too_big', maximum: max, message: `At most ${max} characters` });
    })
    .refine(isStorableText, 'Holds characters that are no text')
    .meta({ minLength: min, maxLength: max });

export const Brief = text(BRIEF_MIN, BRIEF_MAX).describe(
  'The decision in words: 30 to 5000 characters (Unicode code points; white space around it does not count)',
);
