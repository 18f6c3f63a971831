import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS_RULE } from './access.decorator.js';
import type { AccessRule } from './access.policy.js';

/** A handler or its controller: what a rule is declared on. */
type RuleTarget = Parameters<Reflector['get']>[1];

/** Which rule a route has: its own, or else its controller's. */
@Injectable()
export class AccessRules {
  private readonly rules = new Map<RuleTarget, AccessRule | undefined>();

  constructor(private readonly reflector: Reflector) {}

  /** `undefined` where nobody declared one. */
  of(context: ExecutionContext): AccessRule | undefined {
    return this.at(context.getHandler()) ?? this.at(context.getClass());
  }

  /** Metadata never changes, so it is read once: for a request it would cost more than the decision. */
  private at(target: RuleTarget): AccessRule | undefined {
    if (!this.rules.has(target)) this.rules.set(target, this.reflector.get(ACCESS_RULE, target));
    return this.rules.get(target);
  }
}
