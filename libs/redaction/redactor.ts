import { triggersOf } from './detectors.js';
import type { RedactionCounts, RedactionMode } from './kinds.js';
import { Scanner } from './scan/scanner.js';
import { redactTree } from './value/tree.js';

export interface RedactorOptions {
  readonly mode: RedactionMode;
}

export interface Redaction {
  readonly text: string;
  readonly counts: RedactionCounts;
}

export interface ValueRedaction {
  readonly value: unknown;
  readonly counts: RedactionCounts;
}

export interface ValueOptions {
  /** What becomes of the names of members; kept when left out. */
  readonly names?: 'kept' | 'redacted';
}

/** Holds no state between calls; one redactor serves everybody. */
export interface Redactor {
  /** Replaces every match by `[redacted:<kind>]`. Takes time linear in the length, whatever the text; redacting twice changes nothing more. */
  redact(text: string): Redaction;
  /**
   * A copy of a JSON value with its strings redacted; names stay as they are, unless asked otherwise, and so does their order. A value whose name says what it
   * is (`password`, and in strict mode `date_of_birth`, …) is replaced whole. What lies too deep, or behind too many values, is
   * replaced and counted as `uninspected`, never passed on.
   */
  redactValue(value: unknown, options?: ValueOptions): ValueRedaction;
  /** The same in steps of about a millisecond, so that a server can let others work in between. */
  redactInSteps(value: unknown, options?: ValueOptions): Generator<undefined, ValueRedaction>;
}

/**
 * A redactor for whole texts and JSON values.
 *
 * @example
 * createRedactor({ mode: 'standard' }).redact('Mail ada@example.com')
 * // { text: 'Mail [redacted:email]', counts: { email: 1 } }
 */
export function createRedactor({ mode }: RedactorOptions): Redactor {
  const triggers = triggersOf(mode);
  const redactInSteps = (value: unknown, { names = 'kept' }: ValueOptions = {}) =>
    redactTree(value, { mode, triggers, names });
  return {
    redact: (text) => {
      const scanner = new Scanner(triggers);
      return { text: scanner.feed(text, true), counts: scanner.counts };
    },
    redactValue: (value, options) => resultOf(redactInSteps(value, options)),
    redactInSteps,
  };
}

function resultOf<Result>(steps: Generator<undefined, Result>): Result {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
