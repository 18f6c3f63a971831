import type { RedactionKind } from '../kinds.js';
import type { Window } from './window.js';

/** Goes on with a match that is certain already: answers where it ends, or how far it got when it starved. */
export type Tail = (window: Window, at: number) => number;

export interface Match {
  readonly kind: RedactionKind;
  /** At most `MAX_REACH` before the trigger, over units of a run only. What lies between trigger and start is not looked at again. */
  readonly start: number;
  /** Exclusive; the tail goes on from here. */
  readonly end: number;
  /** Without a bound on its length, and without a need to remember more than where it is. */
  readonly tail?: Tail;
}

/**
 * Looks whether something to redact belongs to the trigger at `at`. Reads through the window only, at most a bounded
 * number of units, and remembers nothing: the same text gets the same answer.
 */
export type Detect = (window: Window, at: number) => Match | undefined;

export interface Detector {
  /** ASCII characters, one of which every match has at a place that the detector knows. */
  readonly triggers: string;
  /** Which ASCII characters can follow the trigger; any, when left out. */
  readonly next?: string;
  readonly detect: Detect;
}

/** Of a run of digits only the first is a trigger. */
export const DIGITS = '0123456789';
