import type { ProblemCode } from '#libs/problem/index.js';
import { AppError } from '#src/kernel/index.js';
import type { Authenticated, Authenticator, RequestFacts } from './authenticator.port.js';
import type { CredentialKind } from './credential.js';
import { type CredentialHeaders, credentialHeaders, extractCredential } from './credentials.policy.js';

/** The answer to a kind of credential that this deployment is not configured for. */
const NOT_CONFIGURED: Readonly<Record<CredentialKind, ProblemCode>> = {
  api_key: 'INVALID_API_KEY',
  jwt: 'TOKEN_INVALID',
  hmac: 'NO_SECRET',
  legacy_hmac: 'REPLAY_PROTECTION_REQUIRED',
  message_signature: 'NO_SECRET',
};

/**
 * Finds out who is calling: one credential is picked, and the adapter of its kind decides alone, without a promise when it
 * needs none.
 */
export class Authentication {
  private readonly adapters: ReadonlyMap<CredentialKind, Authenticator>;
  private readonly headers: CredentialHeaders;
  private readonly names: readonly string[];

  constructor(adapters: readonly Authenticator[], prefixes: readonly string[]) {
    this.adapters = new Map(adapters.map((adapter) => [adapter.kind, adapter]));
    this.headers = credentialHeaders(prefixes);
    this.names = [...this.headers].flatMap(([name, { part }]) => (part === 'other' ? [] : [name]));
  }

  /** Whether a request presents anything at all, believable or not. */
  isTried(headers: Readonly<Record<string, unknown>>): boolean {
    return headers['authorization'] !== undefined || this.names.some((name) => headers[name] !== undefined);
  }

  authenticate(request: RequestFacts): Authenticated | Promise<Authenticated> {
    const extraction = extractCredential(request.rawHeaders, this.headers);
    if (!extraction.found) throw new AppError(extraction.fault);
    const { credential } = extraction;
    const adapter = this.adapters.get(credential.kind);
    if (adapter === undefined) throw new AppError(NOT_CONFIGURED[credential.kind]);
    return adapter.authenticate(credential, request);
  }
}
