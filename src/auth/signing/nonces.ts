import { type Clock, isUnavailable } from '#src/kernel/index.js';
import type { Hot, HotKey, LocalHot, OnceReply } from '#src/storage/index.js';
import { refusedCredential } from '../refused-credential.js';
import type { EarlyNonces } from './early-nonces.js';
import type { Signer } from './signer.js';

/** How far the clocks of two instances may be apart without one forgetting what the other would still accept, ms. */
const CLOCK_MARGIN_MS = 5_000;

/** How long after its time a signature, or its nonce, is of any use to anybody, ms. */
export const nonceLifeMs = (maxSkewMs: number): number => maxSkewMs + CLOCK_MARGIN_MS;

export interface NonceParts {
  readonly hot: Hot;
  readonly local: LocalHot;
  readonly early: EarlyNonces;
  readonly clock: Clock;
  /** `closed`: without the store nobody can know, so nobody may. `local`: this process alone remembers for so long. */
  readonly failMode: 'closed' | 'local';
  readonly maxSkewMs: number;
}

/** Makes a good signature good for one request. */
export class Nonces {
  private readonly ttlMs: number;

  constructor(private readonly parts: NonceParts) {
    this.ttlMs = parts.maxSkewMs + nonceLifeMs(parts.maxSkewMs);
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
    const { early, clock } = this.parts;
    const ahead = signedAt > clock.now();
    if (ahead && !(await early.use(key, signedAt))) throw repeated();
    const { outcome, since } = await this.once(key, signedAt);
    if (outcome === 'repeated') throw repeated();
    if (outcome === 'forgotten') throw refusedCredential('SIGNATURE_SKEW', 'nonces_forgotten');
    if (!ahead && (await early.knows(key, signedAt, since))) throw repeated();
  }

  private once(key: HotKey, signedAt: number): Promise<OnceReply> {
    const { hot, local, failMode } = this.parts;
    const shared = (): Promise<OnceReply> => hot.once(key, signedAt, this.ttlMs);
    if (failMode === 'closed' || hot === local) return shared();
    return this.everywhere(key, signedAt, shared);
  }

  /** What was used here while the shared store was away stays used when it is back. */
  private async everywhere(key: HotKey, signedAt: number, shared: () => Promise<OnceReply>): Promise<OnceReply> {
    const here = await unlessUnavailable(this.parts.local.once(key, signedAt, this.ttlMs));
    if (here?.outcome === 'repeated') return here;
    if (here === undefined) return shared();
    return (await unlessUnavailable(shared())) ?? here;
  }
}

const repeated = () => refusedCredential('REPLAY_BLOCKED', 'nonce_repeated');

async function unlessUnavailable<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}
