import type { ApiKeyRow } from '../api-keys.table.js';

type SigningRow = Pick<ApiKeyRow, 'sealedSecret' | 'previousSealed' | 'previousUntil' | 'expiresAt' | 'revokedAt'>;

/** Which secrets of a key sign now, the current first; certain until an instant as long as nobody changes the key. */
export type UsableSecrets =
  | { readonly usable: true; readonly sealed: readonly Uint8Array[]; readonly until: number }
  | { readonly usable: false; readonly reason: 'revoked' | 'expired' | 'not_sealed' };

export function usableSecrets(row: SigningRow, now: number): UsableSecrets {
  const { sealedSecret, previousSealed } = row;
  const expiresAt = row.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const previousUntil = row.previousUntil?.getTime() ?? 0;
  if (sealedSecret === null) return { usable: false, reason: 'not_sealed' };
  if (row.revokedAt !== null) return { usable: false, reason: 'revoked' };
  if (expiresAt <= now) return { usable: false, reason: 'expired' };
  if (previousSealed === null || previousUntil <= now)
    return { usable: true, sealed: [sealedSecret], until: expiresAt };
  return { usable: true, sealed: [sealedSecret, previousSealed], until: Math.min(expiresAt, previousUntil) };
}
