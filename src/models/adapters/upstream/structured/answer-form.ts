import { z } from 'zod';
import type { JsonSchema } from '../../../json-schema.js';
import { nullDropper } from './optional-nulls.policy.js';
import { canBeStrict, strictSchema } from './strict-schema.policy.js';

/** How one schema is asked for, and how an answer is brought back to it. */
export interface AnswerForm {
  readonly schema: JsonSchema;
  /** The upstream is asked to enforce the schema itself. */
  readonly strict: boolean;
  /** A cleaner for one answer and its partial states. */
  readonly cleaner: () => (value: unknown) => unknown;
}

const known = new WeakMap<z.ZodType, AnswerForm>();

/** The form of a schema, worked out once. */
export function answerForm(schema: z.ZodType): AnswerForm {
  const form = known.get(schema) ?? newForm(schema);
  known.set(schema, form);
  return form;
}

function newForm(type: z.ZodType): AnswerForm {
  const schema = jsonSchema(type);
  return canBeStrict(schema)
    ? { schema: strictSchema(schema), strict: true, cleaner: () => nullDropper(schema) }
    : { schema, strict: false, cleaner: () => (value) => value };
}

/** What a caller may write, so that defaults are optional; a shape that JSON Schema cannot say is left open. */
function jsonSchema(type: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  return schema as JsonSchema;
}
