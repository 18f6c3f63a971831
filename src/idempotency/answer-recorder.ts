import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { abandon } from '#src/http/index.js';
import { AppError, Clock, waitFor } from '#src/kernel/index.js';
import type { Answer } from './answer.policy.js';
import type { Attempt } from './attempt.policy.js';
import { Claims } from './claims.service.js';
import { COME_BACK_MS } from './come-back.policy.js';
import type { Execution } from './execution.js';
import { Executions } from './executions.service.js';
import { FirstAttempts } from './first-attempts.js';
import type { Arrival } from './records.port.js';
import {
  announcedComeBack,
  announcedRepeat,
  answerOf,
  attemptOf,
  type RepeatableRequest,
} from './repeatable-request.js';

/** Sees every answer before it is sent and every caller that leaves: records what somebody may ask for again. */
@Injectable()
export class AnswerRecorder {
  constructor(
    private readonly claims: Claims,
    private readonly executions: Executions,
    private readonly firsts: FirstAttempts,
    private readonly clock: Clock,
  ) {}

  /** For each request once its answer is sent, or its caller is gone. */
  readonly left = (request: FastifyRequest, reply: FastifyReply): void => {
    this.firsts.ended(request);
    const { answer, decided, execution }: RepeatableRequest = request;
    const arrival = reply.raw.writableFinished ? 'delivered' : 'in doubt';
    if (answer !== undefined) this.remember(request, answer, arrival);
    else if (!reply.raw.writableEnded) this.missed(request, reply);
    else if (arrival === 'delivered' && (decided === true || execution !== undefined)) this.delivered(request);
  };

  /** A server hook: the answer is recorded before its first byte is sent. */
  readonly beforeSending: onSendHookHandler = (request, reply, payload, done) => {
    const { execution, decided }: RepeatableRequest = request;
    if (execution !== undefined) {
      void this.executions.finish(execution, answerOf(reply, payload)).then(() => done(null, payload));
      return;
    }
    if (decided !== true && isMarked(request)) this.expectRetry(request, answerOf(reply, payload));
    done(null, payload);
  };

  /** Its answer may be lost on the way, and its client library will ask again; of a stream it may do so before the end. */
  private expectRetry(request: RepeatableRequest, answer: Answer): void {
    if (answer.streamId !== undefined) this.remember(request, answer, 'in doubt');
    request.answer = answer;
  }

  private remember(request: RepeatableRequest, answer: Answer, arrival: Arrival): void {
    const attempt = attemptOf(request, undefined);
    // Without the store the retry runs: nobody was promised otherwise.
    if (attempt !== undefined) void this.claims.remember(attempt, answer, arrival).catch(() => undefined);
  }

  /** What was kept for a retry has done its work. */
  private delivered(request: RepeatableRequest): void {
    if (announcedRepeat(request.headers).kind === 'keyed') return;
    const attempt = attemptOf(request, undefined);
    if (attempt !== undefined) void this.claims.delivered(attempt).catch(() => undefined);
  }

  /** Before the end of its answer. */
  private missed(request: RepeatableRequest, reply: FastifyReply): void {
    const comeBack = announcedComeBack(request.headers);
    const waitMs = comeBack && waitFor(comeBack, reply.elapsedTime);
    if (request.execution !== undefined) {
      if (waitMs !== undefined) this.attend(request, request.execution, waitMs);
      return;
    }
    if (request.decided === true) return;
    const attempt = attemptOf(request, undefined);
    if (attempt !== undefined && reply.raw.headersSent) this.remember(request, answerOf(reply, undefined), 'in doubt');
    else if (attempt === undefined || waitMs === undefined || waitMs === 0) abandon(request, callerGone);
    else this.attend(request, this.announce(request, attempt), waitMs);
  }

  /** So that a retry finds the work, which goes on without its caller. */
  private announce(request: RepeatableRequest, attempt: Attempt): Execution {
    const execution = this.claims.announce(attempt);
    request.execution = execution;
    return execution;
  }

  /** Work that goes on without its caller ends when nobody came for it, or whoever did left too. */
  private attend(request: RepeatableRequest, execution: Execution, waitMs: number): void {
    this.clock.after(waitMs, () => void this.look(request, execution));
  }

  private async look(request: RepeatableRequest, execution: Execution): Promise<void> {
    if (execution.answered) return;
    if (await this.claims.isAwaited(execution)) return this.attend(request, execution, COME_BACK_MS);
    if (execution.answered) return;
    this.executions.leave(execution);
    abandon(request, callerGone);
  }
}

/** The client library says so when it sends a request again. */
function isMarked({ headers }: FastifyRequest): boolean {
  const repeat = announcedRepeat(headers);
  return repeat.kind === 'first' && repeat.marked;
}

const callerGone = (): AppError => new AppError('CANCELLED', 'The caller went away');
