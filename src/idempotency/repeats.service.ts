import { Injectable } from '@nestjs/common';
import { AppError, Clock, isUnavailable } from '#src/kernel/index.js';
import type { Answer } from './answer.policy.js';
import type { Attempt } from './attempt.policy.js';
import { Claims, type Finding } from './claims.service.js';
import type { Execution } from './execution.js';
import { StreamSource } from './stream-source.port.js';

/** How a request that may be a repeat goes on. */
export type Admission =
  /** It is the first. Without an execution nobody knows: the store that would is away. */
  | { readonly outcome: 'run'; readonly execution: Execution | undefined }
  | { readonly outcome: 'replay'; readonly answer: Answer; readonly stream: AsyncIterable<Uint8Array> | undefined };

/** How long a request with a key waits for the first one to end before its caller is told to come back, ms. */
const KEYED_WAIT_MS = 5_000;
/** A retry of a client library has no other way to get the answer, and gives up by itself, ms. */
const RETRY_WAIT_MS = 600_000;
/** How often a run on another instance is looked at, ms. */
const LOOK_MS = 200;
const COME_BACK_MS = 1_000;

/** Decides whether a request runs, waits for another one, or gets the answer that is known. */
@Injectable()
export class Repeats {
  constructor(
    private readonly claims: Claims,
    private readonly streams: StreamSource,
    private readonly clock: Clock,
  ) {}

  /**
   * @param gone aborts when the caller of this request went away
   * @throws {AppError} `IDEMPOTENCY_KEY_REUSED`; `IDEMPOTENCY_IN_PROGRESS`; `DEPENDENCY_UNAVAILABLE` for a request with a key;
   * `CONFLICT` when it was carried out and its answer is not kept
   */
  async admit(attempt: Attempt, gone: AbortSignal): Promise<Admission> {
    const until = this.clock.now() + (attempt.key === undefined ? RETRY_WAIT_MS : KEYED_WAIT_MS);
    for (;;) {
      const finding = await this.find(attempt);
      if (finding === undefined) return { outcome: 'run', execution: undefined };
      if (finding.state === 'mismatch') throw new AppError('IDEMPOTENCY_KEY_REUSED');
      if (finding.state === 'mine') return { outcome: 'run', execution: finding.execution };
      const answer = await this.answerOf(finding, until - this.clock.now(), gone);
      const admission = answer === undefined ? undefined : await this.replay(answer, attempt, finding);
      if (admission !== undefined) return admission;
      if (gone.aborted) throw new AppError('CANCELLED', 'The caller went away');
      if (this.clock.now() >= until) throw inProgress();
    }
  }

  /** `undefined`: nobody can tell, and the request does not depend on it. */
  private async find(attempt: Attempt): Promise<Finding | undefined> {
    try {
      return await this.claims.claim(attempt);
    } catch (error) {
      if (isUnavailable(error) && attempt.key === undefined) return undefined;
      throw error;
    }
  }

  /** The answer as far as it comes in time; `undefined`: look again. */
  private async answerOf(finding: Finding, waitMs: number, gone: AbortSignal): Promise<Answer | undefined> {
    if (finding.state === 'stored') return finding.answer ?? UNREADABLE;
    if (finding.state !== 'here') {
      await this.clock.sleep(Math.min(LOOK_MS, Math.max(waitMs, 0)), gone);
      return undefined;
    }
    const over = new AbortController();
    const stop = AbortSignal.any([over.signal, gone]);
    const answer = finding.execution.join();
    const first = await Promise.race([answer, this.clock.sleep(Math.max(waitMs, 0), stop)]);
    finding.execution.part();
    over.abort();
    return first ?? undefined;
  }

  private async replay(answer: Answer, attempt: Attempt, finding: Finding): Promise<Admission | undefined> {
    const { streamId, body } = answer;
    if (streamId === undefined && body === undefined) {
      throw new AppError('CONFLICT', 'The request was carried out; its answer was too large to be kept');
    }
    if (streamId === undefined) return { outcome: 'replay', answer, stream: undefined };
    const stream = await this.streams.again(streamId, attempt);
    if (stream !== undefined) return { outcome: 'replay', answer, stream };
    if (finding.state === 'stored') await finding.forget();
    return undefined;
  }
}

const UNREADABLE: Answer = { status: 200, headers: {}, body: undefined, streamId: undefined };

const inProgress = (): AppError => new AppError('IDEMPOTENCY_IN_PROGRESS', undefined, { retryAfterMs: COME_BACK_MS });
