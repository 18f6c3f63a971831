import { LRUCache } from 'lru-cache';
import { FetchBudget } from './fetch-budget.machine.js';
import type { KeyHint } from './key-set.policy.js';

const REMEMBERED_MS = 30_000;
const MAX_REMEMBERED = 1_000;

/** Keys that tokens named and nobody published: whoever makes them up shall not make the service fetch. */
export class UnknownKeys {
  private readonly budget = new FetchBudget();
  private readonly missedAt = new LRUCache<string, number>({ max: MAX_REMEMBERED });

  /** Whether to fetch for this key now (Unix ms); a yes is counted. */
  worthAFetch(hint: KeyHint, now: number): boolean {
    const missedAt = this.missedAt.get(nameOf(hint)) ?? Number.NEGATIVE_INFINITY;
    return now - missedAt >= REMEMBERED_MS && this.budget.take(now);
  }

  /** A fetch that began at `at` did not bring it. */
  missed(hint: KeyHint, at: number): void {
    this.missedAt.set(nameOf(hint), at);
  }

  /** Other keys were published: each may be among them. */
  clear(): void {
    this.missedAt.clear();
  }
}

const nameOf = ({ kid, alg }: KeyHint): string => `${alg} ${kid ?? ''}`;
