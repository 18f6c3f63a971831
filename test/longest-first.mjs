import { statSync } from 'node:fs';

/** Tiers by how long their files take: a long file that begins last would leave every other worker idle. */
const TIERS = ['faults', 'e2e', 'security', 'contract', 'architecture', 'unit'];

/** @typedef {{ path: string, context: { config: { displayName?: { name: string } } } }} TestFile */

/** The order of test files, also on a machine that never ran them. */
export default class LongestFirst {
  /** @param {TestFile[]} tests */
  sort(tests) {
    return tests.toSorted((one, other) => rank(one) - rank(other) || size(other) - size(one));
  }

  /** Nothing is remembered. */
  cacheResults() {}
}

/** @param {TestFile} test */
const rank = ({ context }) => TIERS.indexOf(context.config.displayName?.name ?? '');

/** @param {TestFile} test */
const size = ({ path }) => statSync(path).size;
