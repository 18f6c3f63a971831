import type { z } from 'zod';

/** The words of a check of our own, the code of any other: what a library says may quote the value. */
export const reasonOf = ({ code, message }: z.core.$ZodIssue): string => (code === 'custom' ? message : code);

/** Thrown at start-up: names every variable that is wrong, never a value. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Invalid environment: ${faults.join(', ')}`);
    this.name = 'ConfigError';
  }
}
