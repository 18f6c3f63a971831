import type { HotCheck } from './hot.subject.ts';
import { hotBucketContract } from './hot-buckets.contract.ts';
import { hotFollowContract } from './hot-follow.contract.ts';
import { hotHoldContract } from './hot-holds.contract.ts';
import { hotLedgerContract } from './hot-ledger.contract.ts';
import { hotLogContract } from './hot-logs.contract.ts';
import { hotOnceContract } from './hot-once.contract.ts';
import { hotValueContract } from './hot-values.contract.ts';

/** Every promise of the `Hot` port, by its sentence. */
export const hotContract: Readonly<Record<string, HotCheck>> = {
  ...hotValueContract,
  ...hotOnceContract,
  ...hotBucketContract,
  ...hotLedgerContract,
  ...hotLogContract,
  ...hotHoldContract,
  ...hotFollowContract,
};
