import { Log } from '#src/kernel/index.js';

const nothing = (): void => undefined;

/** Says nothing. */
export class QuietLog extends Log {
  readonly info = nothing;
  readonly warn = nothing;
  readonly error = nothing;
  readonly debug = nothing;
}
