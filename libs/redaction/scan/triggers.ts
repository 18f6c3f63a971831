import type { Detect, Detector } from './detector.js';
import { unitOf } from './units.js';

const ASCII_END = 0x80;

/** Which detectors look at which character, in order. */
export class Triggers {
  private readonly flags = new Uint8Array(ASCII_END);
  private readonly detects: (readonly Detect[])[];

  constructor(detectors: readonly Detector[]) {
    this.detects = Array.from({ length: ASCII_END }, (_, unit) =>
      detectors.filter(({ triggers }) => [...triggers].some((one) => unitOf(one) === unit)).map(({ detect }) => detect),
    );
    this.detects.forEach((found, unit) => {
      this.flags[unit] = found.length > 0 ? 1 : 0;
    });
  }

  /** The index of the next trigger, or the length of the text. */
  next(text: string, from: number): number {
    const { flags } = this;
    const { length } = text;
    let index = from;
    while (index < length && flags[text.charCodeAt(index)] !== 1) index += 1;
    return index;
  }

  /** Who looks at the trigger at this index. */
  at(text: string, index: number): readonly Detect[] {
    return this.detects[text.charCodeAt(index)] ?? [];
  }
}
