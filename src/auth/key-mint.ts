import { AppError, type Ids } from '#src/kernel/index.js';
import { formatKey, hashSecret, SECRET_BYTES } from './api-key.policy.js';
import type { ApiKey } from './keys.schema.js';
import type { SealedFor, SecretSeal } from './signing/secret-seal.js';

interface MintedSecret {
  /** What the owner presents, or signs with; shown once. */
  readonly text: string;
  readonly hash: Uint8Array;
  /** Of a key that signs requests: the secret for its own eyes. */
  readonly sealed: Uint8Array | null;
}

/** Makes keys and secrets. */
export class KeyMint {
  /** @param seal `undefined` where no secrets can be kept */
  constructor(
    private readonly ids: Ids,
    private readonly randomBytes: (count: number) => Uint8Array,
    private readonly seal: SecretSeal | undefined,
  ) {}

  newId(): string {
    return this.ids.next('key');
  }

  /** @throws {AppError} `BAD_INPUT` for a signing key where no secrets can be kept */
  newSecret(kind: ApiKey['kind'], owner: SealedFor): MintedSecret {
    const secret = this.randomBytes(SECRET_BYTES);
    const sealed = kind === 'hmac' ? this.sealOf().seal(secret, owner) : null;
    return { text: formatKey(owner.keyId, secret), hash: hashSecret(secret), sealed };
  }

  private sealOf(): SecretSeal {
    if (this.seal !== undefined) return this.seal;
    const message = 'This service keeps no signing secrets: it has no HMAC_SEALING_KEY';
    throw new AppError('BAD_INPUT', message, { errors: [{ path: 'kind', code: 'unavailable', message }] });
  }
}
