import type { Credential, CredentialKind } from './credential.js';
import type { Nonce } from './nonce.js';
import type { Principal } from './principal.js';

/** The request as received, for credentials that cover more than themselves. */
export interface RequestFacts {
  readonly method: string;
  /** Raw request target with query, exactly as sent. */
  readonly target: string;
  /** Scheme and authority under which the caller reached the service; empty when the Host header is no authority. */
  readonly origin: string;
  /** Header names and values in turn, exactly as received. */
  readonly rawHeaders: readonly string[];
  /** The body bytes as received; `undefined` when there is no body. */
  readonly rawBody: Uint8Array | undefined;
}

/** Who signed a request, which is good once. The nonce is not used up yet: whoever counts the request does that. */
export interface SignedBy {
  readonly principal: Principal;
  readonly nonce: Nonce;
}

/** Whom a credential proved. */
export type Authenticated = Principal | SignedBy;

/**
 * Proves one kind of credential. A new kind is a new adapter in `auth.module.ts`, nothing else.
 *
 * `authenticate` answers without a promise when nothing has to be waited for. It throws, or rejects with, an `AppError`: a
 * 401 code when the credential is wrong, `TENANT_REQUIRED` when it names no tenant, `DEPENDENCY_UNAVAILABLE` when that
 * cannot be found out now. It never says which part was wrong.
 */
export abstract class Authenticator<K extends CredentialKind = CredentialKind> {
  abstract readonly kind: K;

  abstract authenticate(
    credential: Extract<Credential, { kind: K }>,
    request: RequestFacts,
  ): Authenticated | Promise<Authenticated>;
}
