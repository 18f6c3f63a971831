import type { Nonce } from '../nonce.js';
import type { Signer } from './signer.js';
import { type NonceParts, StoredNonce } from './stored-nonce.js';

/** How far the clocks of two instances may be apart without one forgetting what the other would still accept, ms. */
const CLOCK_MARGIN_MS = 5_000;

/** How long after its time a signature, or its nonce, is of any use to anybody, ms. */
export const nonceLifeMs = (maxSkewMs: number): number => maxSkewMs + CLOCK_MARGIN_MS;

/** Makes a good signature good for one request. */
export class Nonces {
  private readonly ttlMs: number;

  constructor(
    private readonly parts: NonceParts,
    maxSkewMs: number,
  ) {
    this.ttlMs = maxSkewMs + nonceLifeMs(maxSkewMs);
  }

  /**
   * The nonce of a verified signature, not used up yet.
   *
   * @param signedAt Unix ms
   */
  of({ id, tenantId }: Signer, nonce: string, signedAt: number): Nonce {
    const key = { tenant: tenantId, area: 'nonce', id: `${id}/${nonce}` } as const;
    return new StoredNonce({ key, madeAt: signedAt, ttlMs: this.ttlMs }, this.parts);
  }
}
