import { randomFillSync } from 'node:crypto';
import type { Clock } from './clock.js';

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

export class UuidIds extends Ids {
  constructor(private readonly clock: Clock) {
    super();
  }

  next(kind: IdKind): string {
    return `${kind}_${uuidv7(this.clock.now(), randomFillSync(new Uint8Array(10)))}`;
  }
}

/**
 * RFC 9562 §5.7: 48 bits of Unix milliseconds, then version, variant and 74 random bits.
 *
 * @param random ten bytes
 */
export function uuidv7(unixMs: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(unixMs, 0, 6);
  bytes.set(random, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
