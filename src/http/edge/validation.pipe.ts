import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { FieldFault } from '#libs/problem/index.js';
import { AppError } from '#src/kernel/index.js';

type Schema = NonNullable<ArgumentMetadata['schema']>;
type Result = Awaited<ReturnType<Schema['~standard']['validate']>>;
type Issue = NonNullable<Result['issues']>[number] & { readonly code?: unknown; readonly keys?: unknown };

/** Faults named in one answer; whoever sends more wrong fields sees the first of them. */
const MAX_FAULTS = 50;

/**
 * Validates what a route declares with `{ schema }`; the caller learns each wrong field, never its value. The framework's
 * own pipe walks through every value once more, to delete what the parser of bodies has refused, and with it honest
 * fields called `constructor`.
 */
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { schema }: ArgumentMetadata): unknown {
    if (schema === undefined) return value;
    const result = schema['~standard'].validate(value);
    return result instanceof Promise ? result.then(validOf) : validOf(result);
  }
}

function validOf(result: Result): unknown {
  if (result.issues === undefined) return result.value;
  const errors = result.issues.slice(0, MAX_FAULTS).flatMap(faultsOf).slice(0, MAX_FAULTS);
  throw new AppError('BAD_INPUT', 'The request has invalid fields', { errors });
}

/** Fields that nobody knows are one issue, and a fault each. */
function faultsOf(issue: Issue): readonly FieldFault[] {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  if (issue.code === 'unrecognized_keys' && Array.isArray(issue.keys))
    return issue.keys.map((key) => faultAt([...path, String(key)], issue.code, 'Unknown field'));
  return [faultAt(path, issue.code, issue.message)];
}

const faultAt = (path: readonly string[], code: unknown, message: string): FieldFault => ({
  path: path.join('.').slice(0, 200),
  code: typeof code === 'string' ? code : 'invalid',
  message: message.slice(0, 300),
});
