import type { BucketTerms, Spending } from '../bucket.policy.js';

/** As the script takes them: the cost, then capacity and refill of each bucket. */
export const drawArguments = (draws: readonly { readonly terms: BucketTerms }[], cost: number): readonly string[] => [
  String(cost),
  ...draws.flatMap(({ terms }) => [String(terms.capacity), String(terms.refill)]),
];

/** @throws Error when the reply is none of the script's */
export function spendingOf(reply: unknown): Spending {
  const [granted, ...missing] = Array.isArray(reply) ? reply.map(Number) : [];
  if (granted === undefined || missing.some(Number.isNaN)) {
    throw new Error('Redis gave an answer that the script does not give');
  }
  return { granted: granted === 1, missing };
}
