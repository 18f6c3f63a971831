import { createHash, hash, type KeyObject } from 'node:crypto';
import { sealingKey } from '#src/kernel/index.js';

/** A request as far as it matters for telling whether another one is the same. */
export interface Attempt {
  readonly tenantId: string;
  readonly principalId: string;
  /** Route template: keys of different routes have nothing to do with each other. */
  readonly route: string;
  readonly method: string;
  /** Raw request target: another id in the path is another request. */
  readonly target: string;
  /** Where a header may ask for a stream, the same bytes are two requests. */
  readonly form: 'whole' | 'stream';
  /** Body bytes as received. */
  readonly body: Uint8Array;
  /** `Idempotency-Key`; without one the request itself is its name. */
  readonly key: string | undefined;
}

/** Under which name a request is remembered, and what tells it from another under the same name. */
export interface AttemptName {
  readonly tenantId: string;
  /** Hex digest; holds neither the key nor who sent it. */
  readonly id: string;
  /** Hex SHA-256 over method, target, form and raw body. */
  readonly fingerprint: string;
}

const SEAL_PURPOSE = 'countersign idempotent answers';

export function nameOf({ tenantId, principalId, route, method, target, form, body, key }: Attempt): AttemptName {
  // Neither a method nor a request target holds a space or a line feed.
  const fingerprint = createHash('sha256').update(`${method} ${target} ${form}\n`).update(body).digest('hex');
  const own = key === undefined ? { request: fingerprint } : { key };
  return { tenantId, id: hash('sha256', JSON.stringify([tenantId, principalId, route, own])), fingerprint };
}

/** The key an answer is encrypted under: whoever sends the request again has it, the store has not. */
export const sealingKeyOf = ({ body, key = '' }: Attempt): KeyObject =>
  sealingKey(Buffer.concat([Buffer.from(`${key}\n`), body]), SEAL_PURPOSE);
