import type { PGlite } from '@electric-sql/pglite';

/** With this status PostgreSQL leaves a statement that failed; every other exception is the end of the engine. */
const STATEMENT_FAILED = 100;

/** Where PGlite enters the engine to run a statement. */
const ENTRANCES = [
  '_PostgresMainLoopOnce',
  '_PostgresMainLongJmp',
  '_PostgresSendReadyForQueryIfNecessary',
  '_pgl_pq_flush',
] as const;

/** What an engine died of; `undefined` while it lives. */
export interface Autopsy {
  readonly crash: EngineCrash | undefined;
}

/** The engine panicked, trapped or ran out of stack: nothing in its memory can be relied on any more. */
export class EngineCrash extends Error {
  constructor(cause: unknown) {
    // No cause: printing one of these shows the engine's whole source.
    super(`The embedded database engine crashed: ${textOf(cause)}`);
    this.name = 'EngineCrash';
  }
}

/**
 * Makes every call end with the crash from the first one on. PGlite by itself passes over it and enters the engine again:
 * then a commit that never happened looks done, or the process hangs in an endless loop.
 */
export function watchForCrash({ Module: engine }: PGlite): Autopsy {
  const autopsy: { crash: EngineCrash | undefined } = { crash: undefined };
  const stopWhenDead = (): void => {
    if (autopsy.crash !== undefined) throw autopsy.crash;
  };
  for (const name of ENTRANCES) {
    const enter = engine[name];
    engine[name] = () => {
      stopWhenDead();
      try {
        enter();
      } catch (error) {
        if (!isFailedStatement(error)) autopsy.crash ??= new EngineCrash(error);
        throw error;
      }
    };
  }
  // The first thing PGlite does with what it passes over, outside of its reach.
  const restore = engine.stackRestore;
  engine.stackRestore = (position) => {
    stopWhenDead();
    return restore(position);
  };
  return autopsy;
}

/** The engine throws errors, and objects that only look like one. */
export const textOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

const isFailedStatement = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === STATEMENT_FAILED;
