import { z } from 'zod';
import { isStorableText } from '#src/kernel/index.js';

/** What the routes of OpenAI's API have in common. */

export const MOST_TOOLS = 128;

/** An image in the request itself, or one that the provider fetches. */
export const IMAGE_URL = /^(data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}|https:\/\/\S{1,2048})$/;

const NO_TEXT = 'Holds characters that are no text';

export const Text = z.string().refine(isStorableText, NO_TEXT);

/** @param most UTF-16 units */
export const textUpTo = (most: number) => z.string().max(most).refine(isStorableText, NO_TEXT);

/** What a function, or a form of answers, may be called. */
export const FunctionName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, _ and -');

/** What a function or a form is for. */
export const Description = z.string().max(4_096).nullish();

/** Whether a form is kept to the letter. */
export const Strict = z.boolean().nullish();

export const JsonSchema = z.record(z.string(), z.unknown());

/** @returns what is wrong with the tools of a request and the choice among them, by field */
export function toolFaults(
  names: readonly string[],
  choice: string | { readonly name: string } | undefined,
): readonly (readonly [path: 'tools' | 'tool_choice', message: string])[] {
  const faults: (readonly ['tools' | 'tool_choice', string])[] = [];
  if (new Set(names).size < names.length) faults.push(['tools', 'Two functions have the same name']);
  if (choice === 'required' && names.length === 0) faults.push(['tool_choice', 'There are no tools to choose from']);
  if (typeof choice === 'object' && !names.includes(choice.name))
    faults.push(['tool_choice', 'Names a function that is not among the tools']);
  return faults;
}
