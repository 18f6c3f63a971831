import { setImmediate } from 'node:timers/promises';
import type { RedactionMode, Redactor, StreamRedactor } from '#libs/redaction/index.js';
import { AppError } from '#src/kernel/index.js';
import { readingsOf } from './address-readings.policy.js';
import { parseJson, writeJson } from './json-text.policy.js';

/** What finds something: the detectors of one mode. */
export interface Detectors {
  readonly whole: Redactor;
  /** A redactor for one stream. */
  stream(): StreamRedactor;
}

/** Stands for what cannot be looked at. */
export const UNINSPECTED = '[redacted:uninspected]';

/** What is looked at in one go, in UTF-16 units: about a millisecond. */
const SLICE = 65_536;
/** What a text costs however short it is, in units. */
const TEXT_WORK = 64;

/**
 * Redacts what models are sent and what they say, in slices with the event loop free in between. Nothing passes that
 * could not be looked at: a failure is `INTERNAL`, and says no word of the text.
 */
export class TrafficRedactor {
  private work = 0;

  constructor(
    readonly mode: RedactionMode,
    private readonly detectors: Detectors,
  ) {}

  async text(text: string): Promise<string> {
    if (this.isDue(TEXT_WORK + Math.min(text.length, SLICE))) await setImmediate();
    if (text.length <= SLICE) return orNothing(() => this.detectors.whole.redact(text).text);
    const stream = this.stream();
    const pieces: string[] = [];
    for (const slice of slicesOf(text)) {
      pieces.push(stream.push(slice));
      await setImmediate();
    }
    return pieces.join('') + stream.end();
  }

  /** A JSON value, the names of its members too. */
  async value(value: unknown): Promise<unknown> {
    const steps = orNothing(() => this.detectors.whole.redactInSteps(value, { names: 'redacted' }));
    for (;;) {
      const step = orNothing(() => steps.next());
      if (step.done === true) return step.value.value;
      await setImmediate();
    }
  }

  /** A text that may be a JSON object or array: such a one stays one. It is written anew, without what a later member of the same name hides. */
  async json(text: string): Promise<string> {
    const value = parseJson(text);
    return value === undefined ? this.text(text) : writeJson(await this.value(value));
  }

  /** Whether nothing is found in the address of an image, in whatever code it is written. Nobody looks into the image. */
  async passesImage(url: string): Promise<boolean> {
    if (url.startsWith('data:')) return true;
    const readings = readingsOf(url);
    if (readings === undefined) return false;
    for (const reading of readings) if ((await this.text(reading)) !== reading) return false;
    return true;
  }

  stream(): Pick<StreamRedactor, 'push' | 'end'> {
    const stream = orNothing(() => this.detectors.stream());
    return { push: (chunk) => orNothing(() => stream.push(chunk)), end: () => orNothing(() => stream.end()) };
  }

  /** Whether others are to work before so much more is looked at. */
  private isDue(work: number): boolean {
    this.work += work;
    if (this.work < SLICE) return false;
    this.work = 0;
    return true;
  }
}

/** One after the other. */
export async function redactEach<T>(items: readonly T[], redact: (item: T) => Promise<T>): Promise<readonly T[]> {
  const redacted: T[] = [];
  for (const item of items) redacted.push(await redact(item));
  return redacted;
}

/** A text in pieces that are looked at in one go. */
export const slicesOf = (text: string): readonly string[] =>
  text.length <= SLICE
    ? [text]
    : Array.from({ length: Math.ceil(text.length / SLICE) }, (_, at) => text.slice(at * SLICE, (at + 1) * SLICE));

function orNothing<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw new AppError('INTERNAL', 'Redaction failed, so nothing was passed on', { cause: withoutWords(error) });
  }
}

/** Where a detector failed. Its message may hold a part of the text. */
function withoutWords(error: unknown): Error {
  const failure = new Error('A detector failed');
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => FRAME.test(line)) : [];
  failure.stack = [String(failure), ...frames].join('\n');
  return failure;
}

const FRAME = /^ {4}at \S/;
