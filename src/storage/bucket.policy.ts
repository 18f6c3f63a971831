/** What a bucket holds and how fast it fills, in whole parts, so that every language counts the same. */
export interface BucketTerms {
  readonly capacity: number;
  /** Parts that come back in a millisecond. */
  readonly refill: number;
}

/** A bucket that was drawn from. One that nobody knows of is full. */
export interface Bucket {
  /** Parts it lacked to be full, at `at`. */
  readonly missing: number;
  /** Unix ms. */
  readonly at: number;
}

/** What came of a draw: whether it was granted, and what each bucket lacks to be full after it. */
export interface Spending {
  readonly granted: boolean;
  readonly missing: readonly number[];
}

/** A bucket before a draw, and its terms of today. */
export interface Drawn {
  readonly terms: BucketTerms;
  readonly bucket: Bucket | undefined;
}

/**
 * Takes `cost` from every bucket, or from none when one of them has less. The twin of `SPENDING` in the Redis adapter.
 *
 * Time that steps back gives nothing, and counts on from where it stepped to. A bucket whose plan became smaller is at
 * most empty: it owes nothing of the plan before.
 *
 * @param now Unix ms, of one clock for all draws
 */
export function spend(draws: readonly Drawn[], cost: number, now: number): Spending {
  const lacks = draws.map(({ terms, bucket }) => missingAt(terms, bucket, now));
  const granted = draws.every(({ terms }, at) => (lacks[at] ?? 0) + cost <= terms.capacity);
  return { granted, missing: granted ? lacks.map((missing) => missing + cost) : lacks };
}

/** Whether a draw leaves anything to remember: what was taken, or a clock that stepped back. */
export const leavesTrace = (draws: readonly Drawn[], { granted }: Spending, cost: number, now: number): boolean =>
  (granted && cost > 0) || draws.some(({ bucket }) => bucket !== undefined && now < bucket.at);

/** Milliseconds until a bucket that lacks so much is full again. */
export const fullAfterMs = ({ refill }: BucketTerms, missing: number): number => Math.ceil(missing / refill);

function missingAt({ capacity, refill }: BucketTerms, bucket: Bucket | undefined, now: number): number {
  if (bucket === undefined) return 0;
  const elapsed = Math.max(0, now - bucket.at);
  return Math.max(0, Math.min(bucket.missing, capacity) - elapsed * refill);
}
