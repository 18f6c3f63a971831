import type { BucketTerms } from '../bucket.policy.js';
import type { Draw, DrawOrder } from '../hot.port.js';
import { tallyOf } from './redis-ledger.js';

/** As the script takes them: the cost, then capacity and refill of each bucket. */
export const drawArguments = (draws: readonly { readonly terms: BucketTerms }[], cost: number): readonly string[] => [
  String(cost),
  ...draws.flatMap(({ terms }) => [String(terms.capacity), String(terms.refill)]),
];

/** What a script drew that tells the tally of accounts, if it was asked for, behind what the buckets lack. */
export function drawOf([granted, ...told]: readonly number[], { draws, accounts }: DrawOrder): Draw {
  const spending = { granted: granted === 1, missing: told.slice(0, draws.length) };
  return accounts === undefined ? spending : { ...spending, tally: tallyOf(told.slice(draws.length)) };
}
