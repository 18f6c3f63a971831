import { describe, expect, it } from '@jest/globals';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { RequestContext } from '#src/kernel/index.js';
import { Public, RequireScope } from './access.decorator.js';
import { AccessGuard } from './access.guard.js';
import { AccessRules } from './access-rules.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { Authentication } from './authentication.service.js';
import { Authenticator, type SignedBy } from './authenticator.port.js';
import type { Nonce } from './nonce.js';
import type { Principal } from './principal.js';

const principal: Principal = {
  id: 'key_a',
  tenantId: 'acme',
  roles: ['user'],
  scopes: new Set(['drafts:create']),
  method: 'api_key',
};

class Believer extends Authenticator<'api_key'> {
  readonly kind = 'api_key';

  async authenticate(): Promise<Principal> {
    return principal;
  }
}

class UnusedNonce implements Nonce {
  usedUp = false;

  async spend(): Promise<undefined> {
    this.usedUp = true;
  }
}
const nonce = new UnusedNonce();

/** Believes every signature. */
class Notary extends Authenticator<'hmac'> {
  readonly kind = 'hmac';

  async authenticate(): Promise<SignedBy> {
    return { principal: { ...principal, method: 'hmac' }, nonce };
  }
}

class Routes {
  bare(): void {}

  @Public()
  open(): void {}

  @RequireScope('drafts:create')
  held(): void {}

  @RequireScope('keys:manage')
  missing(): void {}
}

@RequireScope('keys:manage')
class StrictRoutes {
  inherited(): void {}

  @Public()
  exception(): void {}
}

const rules = new AccessRules(new Reflector());
const authentication = new AuthenticationGuard(rules, new Authentication([new Believer(), new Notary()], ['X-Olumi']));
const access = new AccessGuard(rules);

/** As the framework asks them. */
async function pass(context: ExecutionContextHost): Promise<boolean> {
  return (await authentication.canActivate(context)) && access.canActivate(context);
}

const visit = (type: typeof Routes | typeof StrictRoutes, handler: () => void, ...rawHeaders: string[]) => {
  const edge: RequestContext = { requestId: 'r', traceId: 't', fields: {} };
  const request: { edge: RequestContext; principal?: Principal; [name: string]: unknown } = {
    edge,
    method: 'GET',
    raw: { url: '/', rawHeaders },
    rawBody: undefined,
  };
  return { request, edge, answer: pass(new ExecutionContextHost([request], type, handler)) };
};
const KEY = ['X-Api-Key', 'k'.repeat(40)];
const routes = new Routes();
const strict = new StrictRoutes();

describe('the guards of a route', () => {
  it('refuses a route without a rule, whoever calls', async () => {
    await expect(visit(Routes, routes.bare, ...KEY).answer).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(visit(Routes, routes.bare).answer).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('lets anybody into a public route and reads no credential', async () => {
    const { request, answer } = visit(Routes, routes.open, ...KEY);
    expect(await answer).toBe(true);
    expect(request.principal).toBeUndefined();
  });

  it('asks for a credential before it speaks of scopes', async () => {
    await expect(visit(Routes, routes.missing).answer).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('attaches the principal to the request and to its log event', async () => {
    const { request, edge, answer } = visit(Routes, routes.held, ...KEY);
    expect(await answer).toBe(true);
    expect(request.principal).toBe(principal);
    expect(edge).toMatchObject({
      tenantId: 'acme',
      principalId: 'key_a',
      method: 'api_key',
      fields: { access: 'scope_held' },
    });
  });

  it('refuses a signed request whose nonce nobody used up, until somebody did', async () => {
    const signature = ['X-Olumi-Signature', 'ab', 'X-Olumi-Timestamp', '1', 'X-Olumi-Nonce', 'n'];
    await expect(visit(Routes, routes.held, ...signature).answer).rejects.toMatchObject({ code: 'INTERNAL' });
    await nonce.spend();
    expect(await visit(Routes, routes.held, ...signature).answer).toBe(true);
  });

  it('names the scope that is missing, and who missed it', async () => {
    const { edge, answer } = visit(Routes, routes.missing, ...KEY);
    await expect(answer).rejects.toMatchObject({ code: 'FORBIDDEN', message: 'Needs the scope keys:manage' });
    expect(edge).toMatchObject({ principalId: 'key_a', fields: { access: 'scope_missing' } });
  });

  it('applies the rule of a controller to its routes, unless a route has its own', async () => {
    await expect(visit(StrictRoutes, strict.inherited, ...KEY).answer).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await visit(StrictRoutes, strict.exception).answer).toBe(true);
  });
});
