import { describe, expect, it } from '@jest/globals';
import { AppError } from '#src/kernel/index.js';
import { Authentication } from './authentication.service.js';
import { Authenticator } from './authenticator.port.js';
import type { Credential, CredentialKind } from './credential.js';
import type { Principal } from './principal.js';

/** Believes every credential of its kind. */
class Believer extends Authenticator {
  constructor(override readonly kind: CredentialKind) {
    super();
  }

  async authenticate({ kind }: Credential): Promise<Principal> {
    return { id: `by ${this.kind}`, tenantId: 'acme', roles: [], scopes: new Set(), method: kind };
  }
}

/** Refuses every credential of its kind. */
class Sceptic extends Believer {
  override authenticate(): Promise<Principal> {
    return Promise.reject(new AppError('INVALID_SIGNATURE'));
  }
}

const KINDS = ['api_key', 'jwt', 'hmac', 'legacy_hmac', 'message_signature'] as const;
const HEADERS: Readonly<Record<CredentialKind, readonly string[]>> = {
  api_key: ['X-Api-Key', 'k'.repeat(40)],
  jwt: ['Authorization', 'Bearer a.b.c'],
  hmac: ['X-Olumi-Signature', 'ab', 'X-Olumi-Timestamp', '1', 'X-Olumi-Nonce', 'n'],
  legacy_hmac: ['X-Olumi-Signature', 'ab'],
  message_signature: ['Signature', 'sig1=:AA==:'],
};

const request = (...rawHeaders: readonly string[]) => ({
  method: 'GET',
  target: '/',
  origin: 'https://test',
  rawHeaders,
  rawBody: undefined,
});
const withAdapters = (...adapters: readonly Authenticator[]) =>
  new Authentication(adapters, ['X-Countersign', 'X-Olumi']);

describe('Authentication', () => {
  it.each(KINDS)('gives a credential of kind %s to the adapter of that kind', async (kind) => {
    const all = withAdapters(...KINDS.map((each) => new Believer(each)));
    expect(await all.authenticate(request(...HEADERS[kind]))).toMatchObject({ id: `by ${kind}`, method: kind });
  });

  it.each([
    ['api_key', 'INVALID_API_KEY'],
    ['jwt', 'TOKEN_INVALID'],
    ['hmac', 'NO_SECRET'],
    ['legacy_hmac', 'REPLAY_PROTECTION_REQUIRED'],
    ['message_signature', 'NO_SECRET'],
  ] as const)('refuses %s with %s where it is not configured', async (kind, code) => {
    const others = withAdapters(...KINDS.filter((each) => each !== kind).map((each) => new Believer(each)));
    await expect(async () => others.authenticate(request(...HEADERS[kind]))).rejects.toMatchObject({ code });
  });

  it('never falls from a refused signature through to a good key', async () => {
    const both = withAdapters(new Believer('api_key'), new Sceptic('hmac'));
    const attempt = async () => both.authenticate(request(...HEADERS.api_key, ...HEADERS.hmac));
    await expect(attempt).rejects.toMatchObject({ code: 'INVALID_SIGNATURE' });
  });

  it('asks nobody about a request without a credential', async () => {
    const all = withAdapters(...KINDS.map((kind) => new Believer(kind)));
    const attempt = async () => all.authenticate(request('Host', 'test'));
    await expect(attempt).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
