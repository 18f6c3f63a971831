import type { BucketTerms, Spending } from '../bucket.policy.js';
import type { Draw } from '../hot.port.js';
import { numbersOf, tallyOf } from './redis-ledger.js';

/** As the script takes them: the cost, then capacity and refill of each bucket. */
export const drawArguments = (draws: readonly { readonly terms: BucketTerms }[], cost: number): readonly string[] => [
  String(cost),
  ...draws.flatMap(({ terms }) => [String(terms.capacity), String(terms.refill)]),
];

/** @throws Error when the reply is none of the script's */
export function spendingOf(reply: unknown): Spending {
  const [granted, ...missing] = numbersOf(reply);
  return { granted: granted === 1, missing };
}

/**
 * Of a reply that tells the tally of accounts behind what the buckets lack.
 *
 * @throws Error when it is none of the script's
 */
export function drawOf(reply: unknown, buckets: number): Draw {
  const [granted, ...told] = numbersOf(reply);
  return { granted: granted === 1, missing: told.slice(0, buckets), tally: tallyOf(told.slice(buckets)) };
}
