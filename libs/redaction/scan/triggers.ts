import type { Detect, Detector } from './detector.js';
import { type Followers, TriggerSearch } from './trigger-search.js';

const ASCII_END = 0x80;

/** Which detectors look at which character, in order. */
export class Triggers {
  /** Serves one text after the other: a text is searched without a break. */
  readonly search: TriggerSearch;
  private readonly detects: readonly (readonly Detect[])[];

  constructor(detectors: readonly Detector[]) {
    this.detects = Array.from({ length: ASCII_END }, (_, unit) =>
      detectors.filter(({ triggers }) => triggers.includes(String.fromCharCode(unit))).map(({ detect }) => detect),
    );
    this.search = new TriggerSearch(Array.from({ length: ASCII_END }, (_, unit) => followersOf(detectors, unit)));
  }

  of(unit: number): readonly Detect[] {
    return this.detects[unit] ?? [];
  }
}

/** What has to follow this character; `undefined` when it is no trigger. */
function followersOf(detectors: readonly Detector[], unit: number): Followers | undefined {
  const found = detectors.filter(({ triggers }) => triggers.includes(String.fromCharCode(unit)));
  if (found.length === 0) return undefined;
  return found.some(({ next }) => next === undefined) ? 'any' : found.map(({ next }) => next).join('');
}
