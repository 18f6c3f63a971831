import type { ProblemCode } from '#libs/problem/index.js';
import { AppError, currentContext } from '#src/kernel/index.js';

/** The caller learns that the credential is not valid; the log learns why. */
export function refusedCredential(code: ProblemCode, fault: string): AppError {
  const context = currentContext();
  if (context !== undefined) context.fields['credential_fault'] = fault;
  return new AppError(code);
}
