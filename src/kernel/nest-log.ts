import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** The framework's own words, in the service's one log: start-up chatter only when asked for, faults always. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, context?: unknown): void {
    this.target.debug({ context, message }, 'framework.noted');
  }

  warn(message: unknown, context?: unknown): void {
    this.target.warn({ context, message }, 'framework.warned');
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.target.error({ context: rest.at(-1), message }, 'framework.failed');
  }
}
