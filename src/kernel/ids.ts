import type { Clock } from './clock.js';
import { randomHex } from './random-hex.js';

/** What an id names; the prefix of the id. */
export type IdKind =
  | 'run'
  | 'strm'
  | 'tsk'
  | 'prj'
  | 'lib'
  | 'doc'
  | 'apr'
  | 'shr'
  | 'seal'
  | 'pack'
  | 'key'
  | 'call'
  | 'chatcmpl'
  | 'resp';

/** Makes ids: unique, sortable by time, free of tenant data. */
export abstract class Ids {
  /** `<kind>_<UUIDv7>` */
  abstract next(kind: IdKind): string;
}

/** Hex digits of a UUIDv7 that are random, all or in part. */
const RANDOM_DIGITS = 19;
/** The digit that says the variant: its two upper bits are 10, its two lower ones random. */
const VARIANTS = '89ab';

export class UuidIds extends Ids {
  constructor(private readonly clock: Clock) {
    super();
  }

  next(kind: IdKind): string {
    return `${kind}_${uuidv7(this.clock.now(), randomHex(RANDOM_DIGITS))}`;
  }
}

/**
 * RFC 9562 §5.7: 48 bits of Unix milliseconds, then version, variant and 74 random bits.
 *
 * @param random 19 lower-case hex digits
 */
export function uuidv7(unixMs: number, random: string): string {
  const time = unixMs.toString(16).padStart(12, '0');
  const variant = VARIANTS.charAt(Number.parseInt(random.charAt(3), 16) % VARIANTS.length);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7)}`;
}
