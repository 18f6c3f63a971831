import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { openBytes, type Secret, sealBytes } from '#src/kernel/index.js';

/** Which key a sealed secret belongs to: moved to another row, it does not open. */
export interface SealedFor {
  readonly tenantId: string;
  readonly keyId: string;
}

const KEY_BYTES = 32;
const PURPOSE = 'countersign signing secrets';

/** Encrypts the secrets of signing keys for the database. */
export class SecretSeal {
  private readonly key: KeyObject;

  constructor(
    sealingKey: Secret,
    private readonly randomBytes: (count: number) => Uint8Array,
  ) {
    this.key = createSecretKey(new Uint8Array(hkdfSync('sha256', sealingKey.reveal(), '', PURPOSE, KEY_BYTES)));
  }

  seal(secret: Uint8Array, owner: SealedFor): Uint8Array {
    return sealBytes(secret, { key: this.key, owner: nameOf(owner) }, this.randomBytes);
  }

  /** `undefined` when it was sealed with another key or for another owner, or was changed. */
  open(sealed: Uint8Array, owner: SealedFor): Uint8Array | undefined {
    return openBytes(sealed, { key: this.key, owner: nameOf(owner) });
  }
}

/** Neither part can hold a NUL. */
const nameOf = ({ tenantId, keyId }: SealedFor): string => `${tenantId}\0${keyId}`;
