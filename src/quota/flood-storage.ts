import type { ThrottlerStorage } from '@nestjs/throttler';
import { type BucketTerms, fullAfterMs, type LocalHot } from '#src/storage/index.js';

/** What the throttler asks for; its times are seconds. */
type Hits = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * A bucket for each client address, in this process: a flood is stopped where it arrives, without asking anybody.
 * Bounded, and without a timer for each hit.
 */
export class FloodStorage implements ThrottlerStorage {
  constructor(private readonly hot: LocalHot) {}

  async increment(address: string, ttlMs: number, limit: number): Promise<Hits> {
    return this.hit(address, ttlMs, limit);
  }

  hit(address: string, ttlMs: number, limit: number): Hits {
    // In parts of which one hit has as many as the window has milliseconds, the rate is a whole number.
    const terms: BucketTerms = { capacity: limit * ttlMs, refill: limit };
    const { granted, missing } = this.hot.spend([{ key: { tenant: '', area: 'flood', id: address }, terms }], ttlMs);
    const lacks = missing[0] ?? 0;
    return {
      totalHits: Math.ceil(lacks / ttlMs) + (granted ? 0 : 1),
      timeToExpire: fullAfterMs(terms, lacks) / 1_000,
      isBlocked: !granted,
      timeToBlockExpire: granted ? 0 : fullAfterMs(terms, lacks + ttlMs - terms.capacity) / 1_000,
    };
  }
}
