import type { Ids } from '#src/kernel/index.js';
import { formatKey, hashSecret, SECRET_BYTES } from './api-key.policy.js';

interface MintedSecret {
  /** What the owner presents; shown once. */
  readonly text: string;
  readonly hash: Uint8Array;
}

/** Makes keys and secrets. */
export class KeyMint {
  constructor(
    private readonly ids: Ids,
    private readonly randomBytes: (count: number) => Uint8Array,
  ) {}

  newId(): string {
    return this.ids.next('key');
  }

  newSecret(keyId: string): MintedSecret {
    const secret = this.randomBytes(SECRET_BYTES);
    return { text: formatKey(keyId, secret), hash: hashSecret(secret) };
  }
}
