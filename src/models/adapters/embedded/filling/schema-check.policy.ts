import { z } from 'zod';
import { AppError } from '#src/kernel/index.js';
import type { JsonSchema } from '../../../json-schema.js';

/** Levels of JSON: more than strict mode allows objects inside objects. */
const MOST_LEVELS = 64;
/** What strict mode refuses too, and what would have to be kept to. */
const REFUSED = [
  ...[
    'allOf',
    'not',
    'if',
    'then',
    'else',
    'dependentRequired',
    'dependentSchemas',
    'patternProperties',
    'prefixItems',
  ],
  ...['contains', 'minProperties', 'unevaluatedProperties', '$dynamicRef'],
];

const Shape: z.ZodType = z.lazy(() =>
  z
    .looseObject({
      type: z.union([z.string(), z.array(z.string())]).optional(),
      properties: z.record(z.string(), Shape).optional(),
      required: z.array(z.string()).optional(),
      items: Shape.optional(),
      anyOf: z.array(Shape).min(1).optional(),
      oneOf: z.array(Shape).min(1).optional(),
      $defs: z.record(z.string(), Shape).optional(),
      definitions: z.record(z.string(), Shape).optional(),
      $ref: z.string().optional(),
      description: z.string().optional(),
      enum: z.array(z.unknown()).min(1).optional(),
      pattern: z.string().optional(),
    })
    .refine((schema) => REFUSED.every((keyword) => !Object.hasOwn(schema, keyword))),
);

/**
 * A schema as it can be filled.
 *
 * @throws {AppError} `BAD_INPUT`, when it is none, or uses what strict structured output does not allow either
 */
export function checkedSchema(schema: unknown): JsonSchema {
  if (deeperThan(schema, MOST_LEVELS)) throw new AppError('BAD_INPUT', 'The schema is nested too deeply');
  const { success, error } = Shape.safeParse(schema);
  if (success) return schema as JsonSchema;
  const place = error.issues[0]?.path.map(String).join('/').slice(0, 100);
  throw new AppError(
    'BAD_INPUT',
    `The embedded model cannot fill the schema at /${place}: it takes what strict mode takes`,
  );
}

const deeperThan = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((each) => deeperThan(each, levels - 1)));
