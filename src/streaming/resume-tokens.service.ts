import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, CONFIG, type Config } from '#src/kernel/index.js';
import {
  issueResumeToken,
  type ResumeClaims,
  type ResumeKey,
  readResumeToken,
  resumeKey,
} from './resume-token.policy.js';
import type { StreamOwner } from './stream-owner.js';

/** A share of the token's life: well before half of it, so that a late tick is still early enough. */
const REFRESH_AFTER = 0.4;

export interface IssuedToken {
  readonly token: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Issues and checks resume tokens; without `SSE_RESUME_SECRET` there are none. */
@Injectable()
export class ResumeTokens {
  /** Age at which a running stream gets a new token, ms. */
  readonly refreshAfterMs: number;
  private readonly key: ResumeKey | undefined;
  private readonly ttlMs: number;

  constructor(
    @Inject(CONFIG) { SSE_RESUME_SECRET, SSE_RESUME_TTL_MS }: Config,
    private readonly clock: Clock,
  ) {
    this.key = SSE_RESUME_SECRET === undefined ? undefined : resumeKey(SSE_RESUME_SECRET);
    this.ttlMs = SSE_RESUME_TTL_MS;
    this.refreshAfterMs = SSE_RESUME_TTL_MS * REFRESH_AFTER;
  }

  /** `undefined` when this service is not configured for resuming. */
  issue(claims: Omit<ResumeClaims, 'expiresAt'>): IssuedToken | undefined {
    if (this.key === undefined) return undefined;
    const expiresAt = this.clock.now() + this.ttlMs;
    return { token: issueResumeToken({ ...claims, expiresAt }, this.key), expiresAt };
  }

  /**
   * Where the token leads its holder.
   *
   * @throws {AppError} `RESUME_UNAVAILABLE` when not configured; `RESUME_TOKEN_INVALID` for a token that is forged, altered,
   * somebody else's or expired, without saying which
   */
  read(token: string, caller: StreamOwner): { readonly streamId: string; readonly seq: number } {
    if (this.key === undefined) throw new AppError('RESUME_UNAVAILABLE', 'Resuming is not configured');
    const reading = readResumeToken(token, this.key, caller, this.clock.now());
    if (reading.valid) return reading;
    throw new AppError('RESUME_TOKEN_INVALID', undefined, { cause: `resume token: ${reading.reason}` });
  }
}
