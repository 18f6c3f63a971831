import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError } from '#src/kernel/index.js';
import type { Attempt } from './attempt.policy.js';
import { FirstAttempts } from './first-attempts.js';
import { announcedRepeat, attemptOf, type RepeatableRequest } from './repeatable-request.js';
import { Repeats } from './repeats.service.js';
import { Replay } from './replay.filter.js';

/** After access and quota: a request that was answered before is answered the same, one that is under way is joined. */
@Injectable()
export class IdempotencyGuard implements CanActivate {
  constructor(
    private readonly repeats: Repeats,
    private readonly firsts: FirstAttempts,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.getArgByIndex<RepeatableRequest>(0);
    if (request.method !== 'POST' || request.principal === undefined) return true;
    const repeat = announcedRepeat(request.headers);
    // Nothing is awaited for a request that says nothing: a promise would cost it more than the decision.
    const reply = context.getArgByIndex<FastifyReply>(1);
    if (repeat.kind === 'first') return this.pass(request, reply);
    if (repeat.kind === 'invalid') throw badKey();
    const attempt = attemptOf(request, repeat.kind === 'keyed' ? repeat.key : undefined);
    return attempt === undefined || this.decide(request, reply, attempt);
  }

  private pass(request: RepeatableRequest, reply: FastifyReply): true {
    this.firsts.began(request, reply);
    return true;
  }

  private async decide(request: RepeatableRequest, { raw }: FastifyReply, attempt: Attempt): Promise<true> {
    request.decided = true;
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    raw.once('close', leave);
    if (attempt.key === undefined) await this.firsts.share(attempt);
    const admission = await this.repeats.admit(attempt, gone.signal).finally(() => raw.off('close', leave));
    request.edge.fields['idempotency'] = admission.outcome;
    if (admission.outcome === 'replay') throw new Replay(admission.answer, admission.stream);
    if (admission.execution !== undefined) request.execution = admission.execution;
    return true;
  }
}

function badKey(): AppError {
  const message = 'Idempotency-Key is one value of 1 to 255 visible ASCII characters';
  return new AppError('BAD_INPUT', message, { errors: [{ path: 'Idempotency-Key', code: 'invalid', message }] });
}
