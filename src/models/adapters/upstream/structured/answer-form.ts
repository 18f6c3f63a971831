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

/** How an upstream is asked for a schema. */
export type FormMaker = (schema: JsonSchema) => AnswerForm;

/** The forms of an upstream, each worked out once. */
export class AnswerForms {
  private readonly known = new WeakMap<z.ZodType, AnswerForm>();

  constructor(private readonly make: FormMaker) {}

  of(type: z.ZodType): AnswerForm {
    const form = this.known.get(type) ?? this.make(jsonSchema(type));
    this.known.set(type, form);
    return form;
  }
}

/** For upstreams that enforce strict mode: what is optional is asked for as nullable, and its nulls are taken away. */
export const strictForm: FormMaker = (schema) =>
  canBeStrict(schema)
    ? { schema: strictSchema(schema), strict: true, cleaner: () => nullDropper(schema) }
    : { schema, strict: false, cleaner: asItIs };

/** The cleaner of a form that asks for nothing which must be undone. */
export const asItIs = () => (value: unknown) => value;

/** What a caller may write, so that defaults are optional; a shape that JSON Schema cannot say is left open. */
function jsonSchema(type: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  return schema as JsonSchema;
}
