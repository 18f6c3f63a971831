import { createHash, hash } from 'node:crypto';
import { hashedText, type StreamEvent } from '#libs/sse/index.js';

const HASH_BYTES = 32;
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3;
const scratch = Buffer.allocUnsafe(16_384);

/** The rolling hash of a stream as it grows: the layout of `libs/sse`, computed synchronously. */
export class RollingHash {
  private constructor(private value: Uint8Array) {}

  static of(streamId: string): RollingHash {
    return new RollingHash(hash('sha256', streamId, 'buffer'));
  }

  /** Goes on from the state that was stored with a log. */
  static from(state: Uint8Array): RollingHash {
    return new RollingHash(state);
  }

  /** The 32 bytes so far; never changed afterwards. */
  get state(): Uint8Array {
    return this.value;
  }

  /** Lower-case hex. */
  get root(): string {
    return Buffer.from(this.value).toString('hex');
  }

  extend(event: StreamEvent): void {
    const text = hashedText(event);
    if (HASH_BYTES + text.length * BYTES_PER_UNIT > scratch.length) {
      this.value = createHash('sha256').update(this.value).update(text).digest();
      return;
    }
    scratch.set(this.value);
    const length = HASH_BYTES + scratch.write(text, HASH_BYTES);
    this.value = hash('sha256', scratch.subarray(0, length), 'buffer');
  }
}
