import { isUnavailable } from '#src/kernel/index.js';
import type { Hot, HotKey, LocalHot, OnceOutcome } from '#src/storage/index.js';
import { refusedCredential } from '../refused-credential.js';
import type { Signer } from './signer.js';

/** How far the clocks of two instances may be apart without one forgetting what the other would still accept, ms. */
const CLOCK_MARGIN_MS = 5_000;

export interface NonceParts {
  readonly hot: Hot;
  readonly local: LocalHot;
  /** `closed`: without the store nobody can know, so nobody may. `local`: this process alone remembers for so long. */
  readonly failMode: 'closed' | 'local';
  readonly maxSkewMs: number;
}

/** Makes a good signature good for one request. */
export class Nonces {
  private readonly ttlMs: number;

  constructor(private readonly parts: NonceParts) {
    this.ttlMs = 2 * parts.maxSkewMs + CLOCK_MARGIN_MS;
  }

  /**
   * Uses up a nonce of a verified signature.
   *
   * @param signedAt Unix ms
   * @throws {AppError} `REPLAY_BLOCKED` the second time; `SIGNATURE_SKEW` when it was signed before the memory of nonces
   * begins; `DEPENDENCY_UNAVAILABLE` when nobody can know
   */
  async spend({ id, tenantId }: Signer, nonce: string, signedAt: number): Promise<void> {
    const key: HotKey = { tenant: tenantId, area: 'nonce', id: `${id}/${nonce}` };
    const outcome = await this.once(key, signedAt);
    if (outcome === 'repeated') throw refusedCredential('REPLAY_BLOCKED', 'nonce_repeated');
    if (outcome === 'forgotten') throw refusedCredential('SIGNATURE_SKEW', 'nonces_forgotten');
  }

  private once(key: HotKey, signedAt: number): Promise<OnceOutcome> {
    const { hot, local, failMode } = this.parts;
    const shared = (): Promise<OnceOutcome> => hot.once(key, signedAt, this.ttlMs);
    if (failMode === 'closed' || hot === local) return shared();
    return this.everywhere(key, signedAt, shared);
  }

  /** What was used here while the shared store was away stays used when it is back. */
  private async everywhere(key: HotKey, signedAt: number, shared: () => Promise<OnceOutcome>): Promise<OnceOutcome> {
    const here = await unlessUnavailable(this.parts.local.once(key, signedAt, this.ttlMs));
    if (here === 'repeated') return here;
    if (here === undefined) return shared();
    return (await unlessUnavailable(shared())) ?? here;
  }
}

async function unlessUnavailable<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}
