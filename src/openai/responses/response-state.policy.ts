import { isProblemCode, problems } from '#libs/problem/index.js';
import { AppError } from '#src/kernel/index.js';
import { errorOf } from './response.policy.js';
import type { ResponseView } from './response.schema.js';

/** Nothing of it changes any more. */
export const isOver = ({ status }: ResponseView): boolean => status !== 'queued' && status !== 'in_progress';

/** A response that could not be written down at its end, as its run ended without it. */
export function overtaken(
  answer: ResponseView,
  run: { readonly status: 'completed' | 'failed' | 'cancelled' | 'running'; readonly problem: string | null },
): ResponseView {
  if (run.status === 'cancelled') return { ...answer, status: 'cancelled' };
  const code = isProblemCode(run.problem) ? run.problem : 'INTERNAL';
  const lost = run.status === 'completed' ? 'The answer could not be kept' : problems[code].title;
  return failedResponse(
    answer,
    new AppError(code, code === 'INTERNAL' ? `${lost}: its process ended before it did` : lost),
  );
}

/** A response that failed for good. */
export const failedResponse = (answer: ResponseView, error: AppError): ResponseView => ({
  ...answer,
  status: 'failed',
  error: errorOf(error),
});
