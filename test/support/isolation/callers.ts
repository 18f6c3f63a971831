import { bearer, keys } from '../app.ts';
import { signedRequest } from '../signed-request.ts';
import type { TestIssuer } from '../test-issuer.ts';

export type Role = 'user' | 'reviewer' | 'approver' | 'auditor' | 'admin';

export const ROLES: readonly Role[] = ['user', 'reviewer', 'approver', 'auditor', 'admin'];

interface Sent {
  readonly method: string;
  readonly target: string;
  readonly body: string;
}

export interface Caller {
  readonly title: string;
  /** New ones for every request: a signature is good for one. */
  readonly credentials: (request: Sent) => Readonly<Record<string, string>>;
}

/** Who tries to get at what the owner made. */
export interface Callers {
  /** Of tenant `acme`, with every role. Whatever belongs to a principal is this one's. */
  readonly owner: Caller;
  /** Of tenant `globex`, with every role, one for each kind of credential. The first one's name is the owner's. */
  readonly foreign: readonly [twin: Caller, ...others: readonly Caller[]];
  /** Of tenant `acme`, one for each role. */
  readonly colleagues: Readonly<Record<Role, Caller>>;
  /** Nobody, and those whose credential is not valid. */
  readonly strangers: readonly Caller[];
  /** A pair with one name in two tenants, who have asked for nothing yet. */
  readonly fresh: { readonly here: Caller; readonly there: Caller };
}

const SECRET = 'isolation-signing-secret-4Vd8Qm2Zt6Hb9Kx3';
const WRONG_SECRET = 'isolation-guessed-secret-7Jq2mZr9Xw4Tn6Vb';
const GUESSED_KEY = 'a-guessed-key-0123456789abcdefghijklmnop';

/** What makes the service know these callers; beside those of the test application. */
export const callersEnv = (issuer: TestIssuer): Readonly<Record<string, string>> => ({
  ...issuer.env,
  HMAC_SECRET: SECRET,
  HMAC_TENANT: 'globex',
  HMAC_ROLES: ROLES.join(','),
});

/** @param issuer whom the service trusts; @param impostor who claims to be that one */
export function callersOf(issuer: TestIssuer, impostor: TestIssuer): Callers {
  const person = (title: string, sub: string, tenantId: string): Caller => {
    const token = issuer.token({ sub, tenantId, roles: ROLES });
    return { title, credentials: () => bearer(token) };
  };
  const claims = { iss: issuer.url, sub: 'alice', tenantId: 'acme', roles: ROLES };
  return {
    owner: person('the owner', 'alice', 'acme'),
    foreign: [
      person('the same name in another tenant', 'alice', 'globex'),
      withKey('another tenant with an API key', keys.foreign),
      withSignature('another tenant with a signature', SECRET),
    ],
    colleagues: {
      user: withKey('a user of the tenant', keys.user),
      reviewer: withKey('a reviewer of the tenant', keys.reviewer),
      approver: withKey('an approver of the tenant', keys.approver),
      auditor: withKey('an auditor of the tenant', keys.auditor),
      admin: withKey('an admin of the tenant', keys.admin),
    },
    strangers: [
      { title: 'nobody', credentials: () => ({}) },
      withKey('a guessed API key', GUESSED_KEY),
      withSignature('a guessed signature', WRONG_SECRET),
      { title: 'a forged token', credentials: () => bearer(impostor.token(claims)) },
    ],
    fresh: { here: person('here', 'bob', 'acme'), there: person('there', 'bob', 'globex') },
  };
}

const withKey = (title: string, key: string): Caller => ({ title, credentials: () => bearer(key) });

const withSignature = (title: string, secret: string): Caller => ({
  title,
  credentials: (request) => Object.fromEntries(signedRequest({ ...request, secret, timestamp: Date.now() }).headers),
});
