import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldFault } from '#libs/problem/index.js';
import { AppError } from '#src/kernel/index.js';

type Issue = Readonly<{
  message: string;
  code?: unknown;
  path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}>;

/** Faults named in one answer; whoever sends more wrong fields sees the first of them. */
const MAX_FAULTS = 50;

/** Validates what a route declares with `{ schema }`; the caller learns each wrong field, never its value. */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new AppError('BAD_INPUT', 'The request has invalid fields', { errors: issues.slice(0, MAX_FAULTS).map(faultOf) }),
  });

function faultOf(issue: Issue): FieldFault {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  const code = typeof issue.code === 'string' ? issue.code : 'invalid';
  return { path: path.slice(0, 200), code, message: issue.message.slice(0, 300) };
}
