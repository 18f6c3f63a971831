/** Thrown at start-up: names every variable that is wrong, never a value. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Invalid environment: ${faults.join(', ')}`);
    this.name = 'ConfigError';
  }
}
