import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { abandon } from '#src/http/index.js';
import { AppError, Clock } from '#src/kernel/index.js';
import type { Answer } from './answer.policy.js';
import type { Attempt } from './attempt.policy.js';
import { Claims } from './claims.service.js';
import { Executions } from './executions.service.js';
import { FirstAttempts } from './first-attempts.js';
import { announcedRepeat, answerOf, attemptOf, type RepeatableRequest } from './repeatable-request.js';

/** A caller that left without a word is given this long to come back, ms. One whose library retries by itself needs no bound. */
const COME_BACK_MS = 1_000;

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
    const { decided, execution }: RepeatableRequest = request;
    if (reply.raw.writableEnded || decided === true || execution !== undefined) return;
    const attempt = attemptOf(request, undefined);
    if (attempt === undefined) abandon(request, callerGone);
    else if (reply.raw.headersSent) this.remember(attempt, answerOf(reply, undefined));
    else this.detach(request, attempt);
  };

  /** A server hook: the answer is recorded before its first byte is sent. */
  readonly beforeSending: onSendHookHandler = (request, reply, payload, done) => {
    const { execution, decided }: RepeatableRequest = request;
    if (execution !== undefined) {
      void this.executions.finish(execution, answerOf(reply, payload)).then(() => done(null, payload));
      return;
    }
    if (decided !== true && isMarked(request)) this.rememberMarked(request, answerOf(reply, payload));
    done(null, payload);
  };

  /** Its answer may be lost on the way, and its client library will ask again. */
  private rememberMarked(request: FastifyRequest, answer: Answer): void {
    const attempt = attemptOf(request, undefined);
    if (attempt !== undefined) this.remember(attempt, answer);
  }

  private remember(attempt: Attempt, answer: Answer): void {
    // Without the store the retry runs: nobody was promised otherwise.
    void this.claims.remember(attempt, answer).catch(() => undefined);
  }

  /** The work goes on without its caller, so that a retry finds it. */
  private detach(request: RepeatableRequest, attempt: Attempt): void {
    const execution = this.claims.announce(attempt);
    request.execution = execution;
    if (isMarked(request)) return;
    this.clock.after(COME_BACK_MS, () => {
      if (execution.joined || execution.answered) return;
      this.executions.leave(execution);
      abandon(request, callerGone);
    });
  }
}

/** The client library says so when it sends a request again. */
function isMarked({ headers }: FastifyRequest): boolean {
  const repeat = announcedRepeat(headers);
  return repeat.kind === 'first' && repeat.marked;
}

const callerGone = (): AppError => new AppError('CANCELLED', 'The caller went away');
