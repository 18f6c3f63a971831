import { z } from 'zod';
import { formed } from '#src/models/adapters/embedded/filling/formed.js';
import type { ChatMessage, TextFormat } from '#src/models/provider.port.js';

/** What the embedded model says where an answer has a form. */
export function fillAs(format: TextFormat, messages: string | readonly ChatMessage[]): unknown {
  const all = typeof messages === 'string' ? [{ role: 'user', content: messages } as const] : messages;
  const steps = formed(format, all);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

export const fill = (schema: object, messages: string | readonly ChatMessage[], name = 'reply'): unknown =>
  fillAs({ type: 'json_schema', name, schema: { ...schema } }, messages);

/** As a caller with Zod asks; what comes back must fit. */
export function fitting<T>(schema: z.ZodType<T>, messages: string | readonly ChatMessage[], name = 'reply'): T {
  return schema.parse(fill(z.toJSONSchema(schema), messages, name));
}

/** The schema of an object, as strict mode wants it. */
export const object = (properties: object, required = Object.keys(properties)): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** What an object's only member is filled with. */
export const one = (property: object, text: string, name = 'x'): unknown =>
  Object(fill(object({ [name]: property }), text))[name];
