import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Answer } from './answer.policy.js';
import type { Attempt } from './attempt.policy.js';
import { Claims } from './claims.service.js';
import { answerOf, isAttempt, type RepeatableRequest } from './repeatable-request.js';

/**
 * Requests under way that said nothing of a repeat. A retry can come before the end of its first attempt is noticed: a
 * connection may break without a word, and a proxy may keep its own open.
 */
@Injectable()
export class FirstAttempts {
  private readonly underWay = new Map<RepeatableRequest, FastifyReply>();

  constructor(private readonly claims: Claims) {}

  began(request: RepeatableRequest, reply: FastifyReply): void {
    // Whoever left before will not leave once more.
    if (!reply.raw.destroyed) this.underWay.set(request, reply);
  }

  ended(request: RepeatableRequest): void {
    this.underWay.delete(request);
  }

  /** Lets others join the request that is the same as this one, if there is one here. */
  async share(attempt: Attempt): Promise<void> {
    for (const [request, reply] of this.underWay) {
      if (!isAttempt(request, attempt)) continue;
      if (reply.raw.headersSent) await this.shareAnswer(attempt, request.answer ?? answerOf(reply, undefined));
      else request.execution ??= this.claims.announce(attempt);
      return;
    }
  }

  /** Without the store the retry runs: nobody was promised otherwise. */
  private async shareAnswer(attempt: Attempt, answer: Answer): Promise<void> {
    if (answer.streamId !== undefined || answer.body !== undefined)
      await this.claims.remember(attempt, answer).catch(() => undefined);
  }
}
