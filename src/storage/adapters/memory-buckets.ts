import { type Bucket, type BucketTerms, fullAfterMs, leavesTrace, type Spending, spend } from '../bucket.policy.js';
import type { BucketDraw } from '../hot.port.js';

/** Where a bucket is: its tenant's others, its own id, and its place in the array of numbers. */
interface Place {
  readonly tenant: string;
  readonly id: string;
  readonly slot: number;
}

/** Numbers kept of a bucket: missing, at, full at. */
const NUMBERS = 3;
const FIRST_SLOTS = 256;
/** Looked at beside each new bucket: enough that the full ones never outnumber the others for long. */
const SWEEP_PER_NEW = 4;
/** Looked at when there is no room for one more. */
const CROWDED_SWEEP = 64;

/**
 * Buckets of one area in this process: an id and three numbers each, no timer. A bucket that is full again is forgotten;
 * when there are too many others, those closest to full are, which gives away the least.
 *
 * By tenant and id, not by a spelled key: making one key a request would cost more than all the rest.
 */
export class MemoryBuckets {
  private readonly tenants = new Map<string, Map<string, number>>();
  private readonly free: number[] = [];
  private numbers = new Float64Array(FIRST_SLOTS * NUMBERS);
  private used = 0;
  private round: Iterator<Place> | undefined;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.used - this.free.length;
  }

  spend(draws: readonly BucketDraw[], cost: number, now: number): Spending {
    const drawn = draws.map(({ key, terms }) => ({ terms, bucket: this.find(key.tenant, key.id) }));
    const spending = spend(drawn, cost, now);
    if (!leavesTrace(drawn, spending, cost, now)) return spending;
    for (const [index, draw] of draws.entries()) this.keep(draw, { missing: spending.missing[index] ?? 0, at: now });
    return spending;
  }

  /** A bucket that is full there is forgotten here when its time comes. */
  note(draws: readonly BucketDraw[], missing: readonly number[], now: number): void {
    for (const [index, draw] of draws.entries()) {
      const lacks = missing[index] ?? 0;
      if (lacks > 0) this.keep(draw, { missing: lacks, at: now });
    }
  }

  /** Looks at the next buckets and forgets those that are full. */
  sweep(count: number, now: number): void {
    for (let looked = 0; looked < count; looked++) {
      const place = this.next();
      if (place === undefined) return;
      if (this.fullAt(place) <= now) this.forget(place);
    }
  }

  private find(tenant: string, id: string): Bucket | undefined {
    const slot = this.tenants.get(tenant)?.get(id);
    if (slot === undefined) return undefined;
    return { missing: this.numbers[slot * NUMBERS] ?? 0, at: this.numbers[slot * NUMBERS + 1] ?? 0 };
  }

  private keep({ key: { tenant, id }, terms }: BucketDraw, { missing, at }: Bucket): void {
    const slot = this.tenants.get(tenant)?.get(id) ?? this.add(tenant, id, at);
    this.write(slot, terms, { missing, at });
  }

  private write(slot: number, terms: BucketTerms, { missing, at }: Bucket): void {
    this.numbers[slot * NUMBERS] = missing;
    this.numbers[slot * NUMBERS + 1] = at;
    this.numbers[slot * NUMBERS + 2] = at + fullAfterMs(terms, missing);
  }

  private add(tenant: string, id: string, now: number): number {
    this.sweep(SWEEP_PER_NEW, now);
    if (this.size >= this.most) this.sweep(CROWDED_SWEEP, now);
    if (this.size >= this.most) this.forgetFullest();
    const slot = this.free.pop() ?? this.used++;
    if (slot * NUMBERS >= this.numbers.length) this.grow();
    const ids = this.tenants.get(tenant) ?? new Map<string, number>();
    this.tenants.set(tenant, ids.set(id, slot));
    return slot;
  }

  private grow(): void {
    const larger = new Float64Array(this.numbers.length * 2);
    larger.set(this.numbers);
    this.numbers = larger;
  }

  private forgetFullest(): void {
    let fullest: Place | undefined;
    for (let looked = 0; looked < CROWDED_SWEEP; looked++) {
      const place = this.next() ?? this.next();
      if (place === undefined) break;
      if (fullest === undefined || this.fullAt(place) < this.fullAt(fullest)) fullest = place;
    }
    if (fullest !== undefined) this.forget(fullest);
  }

  /** Goes round and round; `undefined` once at each end. */
  private next(): Place | undefined {
    this.round ??= this.places();
    const step = this.round.next();
    if (step.done !== true) return step.value;
    this.round = undefined;
    return undefined;
  }

  private *places(): Generator<Place, undefined> {
    for (const [tenant, ids] of this.tenants) for (const [id, slot] of ids) yield { tenant, id, slot };
    return undefined;
  }

  private fullAt({ slot }: Place): number {
    return this.numbers[slot * NUMBERS + 2] ?? 0;
  }

  private forget({ tenant, id, slot }: Place): void {
    const ids = this.tenants.get(tenant);
    ids?.delete(id);
    if (ids?.size === 0) this.tenants.delete(tenant);
    this.free.push(slot);
  }
}
