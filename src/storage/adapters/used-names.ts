/** Ends are kept as whole seconds of an age of the map: numbers this small take no room of their own. */
const SECOND_MS = 1_000;
/** More than one: names that are past their end never outnumber the living for long. */
const SWEEP_PER_WRITE = 2;
/** What a name costs beside its letters, about, in bytes. */
const OVERHEAD = 64;

/**
 * Names that were used up, each for some time, and their total size. A name counts up to a second longer than asked, never
 * shorter. Names are removed oldest first, so one that is past its end takes room until those before it are. No timer.
 */
export class UsedNames {
  private readonly ends = new Map<string, number>();
  private total = 0;

  /** @param bornAt Unix ms; no later than any time that is told */
  constructor(private readonly bornAt: number) {}

  get bytes(): number {
    return this.total;
  }

  has(name: string, now: number): boolean {
    const end = this.ends.get(name);
    return end !== undefined && end > this.age(now);
  }

  add(name: string, endsAt: number, now: number): void {
    this.sweep(SWEEP_PER_WRITE, now);
    const known = this.ends.size;
    this.ends.set(name, Math.ceil(this.age(endsAt)));
    if (this.ends.size > known) this.total += UsedNames.cost(name);
  }

  /** Bytes that one more name takes, about. */
  static cost(name: string): number {
    return OVERHEAD + name.length;
  }

  /** Removes the oldest names that are past their end, at most so many. */
  sweep(most: number, now: number): void {
    const age = this.age(now);
    let left = most;
    for (const [name, end] of this.ends) {
      if (end > age || left === 0) return;
      this.ends.delete(name);
      this.total -= UsedNames.cost(name);
      left -= 1;
    }
  }

  private age(at: number): number {
    return (at - this.bornAt) / SECOND_MS;
  }
}
