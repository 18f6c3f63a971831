/** How long a holder may be silent before its key is free again, ms. */
export const LEASE_MS = 15_000;

/** What is kept under a name, as far as it decides. Times are Unix ms. */
export interface KeptRecord {
  readonly fingerprint: string;
  /** `undefined` while the first request runs. */
  readonly answer: Uint8Array | undefined;
  readonly leaseUntil: number;
  readonly expiresAt: number;
}

/**
 * `free`: nobody used the name, or whoever did is gone without an answer. `running`: its first request is under way.
 * `mismatch`: it stands for another request.
 */
export type ClaimVerdict = 'free' | 'mismatch' | 'running' | 'stored';

/** What a request finds under its name. A name that stood for one request never stands for another before it expires. */
export function judgeClaim(kept: KeptRecord | undefined, fingerprint: string, now: number): ClaimVerdict {
  if (kept === undefined || now >= kept.expiresAt) return 'free';
  if (kept.fingerprint !== fingerprint) return 'mismatch';
  if (kept.answer !== undefined) return 'stored';
  return now < kept.leaseUntil ? 'running' : 'free';
}
