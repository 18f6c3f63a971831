import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { routeConfig } from '#src/http/index.js';
import type { AccessRule } from './access.policy.js';
import type { Scope } from './role.schema.js';

/** Where a route keeps its `AccessRule`. */
export const ACCESS_RULE = Symbol('ACCESS_RULE');

type RouteDecorator = MethodDecorator & ClassDecorator;

const SCHEMES = ['bearer', 'api_key', 'signature', 'message_signature'] as const;

const ruled = (rule: AccessRule, scopes: readonly Scope[]): RouteDecorator =>
  applyDecorators(
    SetMetadata(ACCESS_RULE, rule),
    ...SCHEMES.map((scheme) => ApiSecurity(scheme, [...scopes])),
    problem(401, 'No credential, or one that is not valid'),
  );

/** The route's rule, enforced and documented: the caller needs this scope. */
export const RequireScope = (scope: Scope): RouteDecorator =>
  applyDecorators(
    ruled({ kind: 'scope', scope }, [scope]),
    problem(403, `The caller does not hold the scope \`${scope}\``),
  );

/** The route's rule, enforced and documented: whoever is known may call, and sees what its scopes show. */
export const RequireCaller = (): RouteDecorator => ruled({ kind: 'caller' }, []);

/** The route's rule, enforced and documented: anybody may call; no credential is read. */
export const Public = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS_RULE, { kind: 'public' } satisfies AccessRule),
    ApiSecurity({}),
    routeConfig({ open: true }),
  );

const problem = (status: number, description: string): RouteDecorator =>
  ApiResponse({
    status,
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
