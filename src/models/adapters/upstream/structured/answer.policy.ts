import type { z } from 'zod';

export type ReadAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Whether a whole answer is JSON that fits; when not, what a model should hear about it. */
export function readAnswer(text: string, schema: z.ZodType, clean: (value: unknown) => unknown): ReadAnswer {
  const json = parseAnswer(text);
  if (json === undefined) return { ok: false, faults: ['It is not valid JSON'] };
  const fitted = schema.safeParse(clean(json.value));
  if (fitted.success) return { ok: true, value: fitted.data };
  const faults = fitted.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole answer'}: ${message}`);
  return { ok: false, faults };
}

/** Some servers ignore `response_format` and wrap the JSON in a fence. */
export function parseAnswer(text: string): { readonly value: unknown } | undefined {
  const trimmed = text.trim();
  const fenced = trimmed.startsWith('```') && trimmed.endsWith('```');
  try {
    return { value: JSON.parse(fenced ? trimmed.slice(trimmed.indexOf('\n'), -3) : trimmed) };
  } catch {
    return undefined;
  }
}
