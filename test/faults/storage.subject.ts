import { AppError } from '#src/kernel/index.js';

/** How long a call took and how it ended: `ok`, the code of an `AppError`, or the name of another error. */
export interface Timed {
  readonly ended: string;
  readonly ms: number;
}

export async function timed(call: () => Promise<unknown>): Promise<Timed> {
  const start = performance.now();
  const ended = await call().then(
    () => 'ok',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
  return { ended, ms: performance.now() - start };
}
