import { AppError } from '#src/kernel/index.js';

/**
 * Whether a call was ended by what its owner may use of models. An answer of which something was said is then one that was cut, as by
 * `max_output_tokens`: it was paid for, and is given.
 */
export const isLimitCut = (error: unknown): boolean => error instanceof AppError && error.code === 'QUOTA_EXHAUSTED';
