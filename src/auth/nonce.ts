import type { Draw, DrawOrder } from '#src/storage/index.js';

/** Makes a credential good for one request. */
export interface Nonce {
  /** Whether it is used up, and this is the request that did it. */
  readonly usedUp: boolean;

  /**
   * Uses it up, and draws what is ordered in the same question to the store: a nonce that is refused draws nothing, one that
   * is not is used up whether or not the buckets grant the draw. Answers without a promise when the store does.
   *
   * @returns `undefined` when the store did not answer and this process vouches for the nonce alone: nothing was drawn
   * @throws {AppError} `REPLAY_BLOCKED` the second time; `SIGNATURE_SKEW` when it was made before the memory of nonces
   * begins; `DEPENDENCY_UNAVAILABLE` when nobody can know
   */
  spend(order: DrawOrder): Draw | undefined | Promise<Draw | undefined>;
}
