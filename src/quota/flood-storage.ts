import type { ThrottlerStorage } from '@nestjs/throttler';
import { type BucketTerms, type Draw, fullAfterMs, type LocalHot } from '#src/storage/index.js';

/** What the throttler asks for; its times are seconds. */
type Hits = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Time in which an address may use its limit up. */
export const WINDOW_MS = 60_000;

/**
 * A bucket for each client address, in this process: a flood is stopped where it arrives, without asking anybody.
 * Bounded, and without a timer for each hit.
 */
export class FloodStorage implements ThrottlerStorage {
  private readonly terms: BucketTerms;

  /** @param limit hits a window */
  constructor(
    private readonly hot: LocalHot,
    limit: number,
  ) {
    // In parts of which one hit has as many as the window has milliseconds, the rate is a whole number.
    this.terms = { capacity: limit * WINDOW_MS, refill: limit };
  }

  /** Counts a hit; whether it is within the limit. */
  admits(address: string): boolean {
    return this.hit(address).granted;
  }

  async increment(address: string): Promise<Hits> {
    const { granted, missing } = this.hit(address);
    const lacks = missing[0] ?? 0;
    const blockedMs = granted ? 0 : fullAfterMs(this.terms, lacks + WINDOW_MS - this.terms.capacity);
    return {
      totalHits: Math.ceil(lacks / WINDOW_MS) + (granted ? 0 : 1),
      timeToExpire: fullAfterMs(this.terms, lacks) / 1_000,
      isBlocked: !granted,
      timeToBlockExpire: blockedMs / 1_000,
    };
  }

  private hit(address: string): Draw {
    return this.hot.spend([{ key: { tenant: '', area: 'flood', id: address }, terms: this.terms }], WINDOW_MS);
  }
}
