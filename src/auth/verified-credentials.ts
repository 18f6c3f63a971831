import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/kernel/index.js';
import type { Principal } from './principal.js';

const MAX_CREDENTIALS = 10_000;

/** `P`: what is worth remembering about a caller. */
export interface Verified<P extends Remembered = Principal> {
  readonly principal: P;
  /** Unix ms from which the credential is not valid any more. */
  readonly until: number;
}

interface Remembered {
  readonly id: string;
}

interface Entry<P extends Remembered> extends Verified<P> {
  readonly from: number;
}

/**
 * Credentials this process verified lately, by the digest of the presented text. Only good ones are kept, so guessing
 * pushes nothing out; concurrent requests with one credential share one verification.
 */
export class VerifiedCredentials<P extends Remembered = Principal> {
  private readonly entries = new LRUCache<string, Entry<P>>({ max: MAX_CREDENTIALS });
  private readonly running = new Map<string, Promise<P>>();
  private epoch = 0;

  /** @param maxAgeMs how long a verification is believed, unless the credential ends before */
  constructor(
    private readonly clock: Clock,
    private readonly maxAgeMs: number,
  ) {}

  /** The remembered principal, or what `verify` finds; its failures pass unchanged and are not remembered. */
  find(digest: string, verify: () => Promise<Verified<P>>): P | Promise<P> {
    const known = this.entries.get(digest);
    if (known !== undefined && this.fresh(known)) return known.principal;
    const running = this.running.get(digest);
    if (running !== undefined) return running;
    const verification = this.verify(digest, verify);
    this.running.set(digest, verification);
    return verification;
  }

  /** From now on what this principal presents is verified again; a verification that began before is not remembered. */
  forget(principalId: string): void {
    this.disown();
    for (const [digest, { principal }] of this.entries.entries()) {
      if (principal.id === principalId) this.entries.delete(digest);
    }
  }

  /** The same for everybody. */
  forgetAll(): void {
    this.disown();
    this.entries.clear();
  }

  private disown(): void {
    this.epoch += 1;
    this.running.clear();
  }

  private async verify(digest: string, verify: () => Promise<Verified<P>>): Promise<P> {
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
  private fresh({ from, until }: Entry<P>): boolean {
    const now = this.clock.now();
    return now >= from && now < Math.min(until, from + this.maxAgeMs);
  }
}
