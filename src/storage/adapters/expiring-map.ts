interface Entry<V> {
  readonly value: V;
  readonly bytes: number;
  readonly expiresAt: number;
}

/** Entries looked at beside each write: enough that the expired ones never outnumber the living for long. */
const SWEEP_PER_WRITE = 4;

/**
 * Values with an end, oldest first, and a known total size. An entry past its end does not exist; it is removed when met, or
 * by a sweep that goes round a few entries at a time. No timer.
 */
export class ExpiringMap<V> {
  private readonly entries = new Map<string, Entry<V>>();
  private sweeper: Iterator<[string, Entry<V>]> | undefined;
  private total = 0;

  /** Sizes of all entries, those not yet swept included. */
  get bytes(): number {
    return this.total;
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string, now: number): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.expiresAt > now) return entry?.value;
    this.remove(key, entry);
    return undefined;
  }

  /** An entry that is set again counts as new. */
  set(key: string, value: V, { bytes, expiresAt, now }: { bytes: number; expiresAt: number; now: number }): void {
    this.delete(key);
    this.sweep(SWEEP_PER_WRITE, now);
    this.entries.set(key, { value, bytes, expiresAt });
    this.total += bytes;
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) this.remove(key, entry);
  }

  /** Looks at the next entries and removes the expired ones. */
  sweep(count: number, now: number): void {
    for (let looked = 0; looked < count; looked++) {
      this.sweeper ??= this.entries.entries();
      const step = this.sweeper.next();
      if (step.done === true) {
        this.sweeper = undefined;
        return;
      }
      const [key, entry] = step.value;
      if (entry.expiresAt <= now) this.remove(key, entry);
    }
  }

  /** Removes the entry that was set first. `false` when there is none. */
  dropOldest(): boolean {
    for (const [key, entry] of this.entries) {
      this.remove(key, entry);
      return true;
    }
    return false;
  }

  private remove(key: string, entry: Entry<V>): void {
    this.entries.delete(key);
    this.total -= entry.bytes;
  }
}
