import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/kernel/index.js';
import type { Principal } from './principal.js';

/** The longest time another process goes on believing a key that was revoked here. */
const MAX_AGE_MS = 1_000;
const MAX_KEYS = 10_000;

export interface Verified {
  readonly principal: Principal;
  /** Unix ms from which the key is not valid any more. */
  readonly until: number;
}

interface Entry extends Verified {
  readonly from: number;
}

/**
 * Keys this process verified less than a second ago, by the digest of the presented text. Only good keys are kept, so
 * guessing pushes nothing out; concurrent requests with one key share one look-up.
 */
export class VerifiedKeys {
  private readonly entries = new LRUCache<string, Entry>({ max: MAX_KEYS });
  private readonly running = new Map<string, Promise<Principal>>();
  private epoch = 0;

  constructor(private readonly clock: Clock) {}

  /** The remembered principal, or what `verify` finds; its failures pass unchanged and are not remembered. */
  find(digest: string, verify: () => Promise<Verified>): Principal | Promise<Principal> {
    const known = this.entries.get(digest);
    if (known !== undefined && this.fresh(known)) return known.principal;
    const running = this.running.get(digest);
    if (running !== undefined) return running;
    const lookup = this.lookUp(digest, verify);
    this.running.set(digest, lookup);
    return lookup;
  }

  /** From now on this key is looked up again; a look-up that began before is not remembered. */
  forget(keyId: string): void {
    this.epoch += 1;
    this.running.clear();
    for (const [digest, { principal }] of this.entries.entries()) {
      if (principal.id === keyId) this.entries.delete(digest);
    }
  }

  private async lookUp(digest: string, verify: () => Promise<Verified>): Promise<Principal> {
    const { epoch } = this;
    const from = this.clock.now();
    try {
      const verified = await verify();
      if (epoch === this.epoch) this.entries.set(digest, { ...verified, from });
      return verified.principal;
    } finally {
      if (epoch === this.epoch) this.running.delete(digest);
    }
  }

  /** A clock that steps back makes an entry stale, not immortal. */
  private fresh({ from, until }: Entry): boolean {
    const now = this.clock.now();
    return now >= from && now < Math.min(until, from + MAX_AGE_MS);
  }
}
