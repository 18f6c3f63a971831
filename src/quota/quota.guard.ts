import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AuthenticatedRequest } from '#src/auth/index.js';
import type { AsksForStream } from '#src/http/index.js';
import { AppError, onceKnown } from '#src/kernel/index.js';
import { limitHeaders } from './limit-headers.policy.js';
import type { QuotaClass, QuotaMode } from './plan.policy.js';
import type { Quota, Verdict } from './quota.service.js';
import type { QuotaCounts, QuotaOutcome } from './quota-counts.js';

/** Of a route that never answers with a stream. */
const asksNever: AsksForStream = () => false;

interface Exchange {
  readonly request: AuthenticatedRequest;
  readonly reply: FastifyReply;
  readonly quotaClass: QuotaClass;
}

/** Second of the global guards: a caller spends a request, and the nonce of one that is signed, and reads how many are left. */
export class QuotaGuard implements CanActivate {
  private readonly known = new Map<ReturnType<ExecutionContext['getHandler']>, AsksForStream>();

  constructor(
    private readonly quota: Quota,
    private readonly counts: QuotaCounts,
    private readonly mode: QuotaMode,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.getArgByIndex<AuthenticatedRequest>(0);
    const { principal, nonce } = request;
    if (principal === undefined) return true;
    const quotaClass = this.classOf(context, request);
    const exchange = { request, reply: context.getArgByIndex<FastifyReply>(1), quotaClass };
    return onceKnown(this.quota.spend(principal, quotaClass, nonce), (verdict) => this.obey(verdict, exchange));
  }

  private classOf(context: ExecutionContext, request: AuthenticatedRequest): QuotaClass {
    const asksForStream = this.ruleOf(context, request);
    return asksForStream(request) ? 'stream' : 'standard';
  }

  /** A route never changes its rule, so it is read once. */
  private ruleOf(context: ExecutionContext, request: AuthenticatedRequest): AsksForStream {
    const handler = context.getHandler();
    const known = this.known.get(handler);
    if (known !== undefined) return known;
    const rule = request.routeOptions.config.asksForStream ?? asksNever;
    this.known.set(handler, rule);
    return rule;
  }

  private obey(verdict: Verdict, { request, reply, quotaClass }: Exchange): true {
    const outcome = this.outcomeOf(verdict);
    const { standing, allowance } = verdict;
    this.counts.add(quotaClass, outcome);
    void reply.headers(limitHeaders(quotaClass, allowance.plan, verdict));
    if (verdict.alone) {
      this.counts.alone += 1;
      request.edge.degraded = 'redis';
    }
    if (outcome === 'allowed') return true;
    request.edge.fields['quota'] = { class: quotaClass, outcome, owner: standing.owner };
    if (outcome === 'refused') throw refusal(verdict, quotaClass);
    return true;
  }

  private outcomeOf({ granted }: Verdict): QuotaOutcome {
    if (granted) return 'allowed';
    return this.mode === 'shadow' ? 'shadowed' : 'refused';
  }
}

const NOUNS: Readonly<Record<QuotaClass, string>> = { standard: 'requests', stream: 'streams' };

function refusal({ standing, allowance }: Verdict, quotaClass: QuotaClass): AppError {
  const { owner, waitMs } = standing;
  const detail = `This ${owner} may have ${allowance.plan[owner].rpm} ${NOUNS[quotaClass]} a minute`;
  return new AppError('RATE_LIMITED', detail, { retryAfterMs: waitMs, details: { limit_of: owner } });
}
