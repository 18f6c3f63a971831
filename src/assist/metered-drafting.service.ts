import { Injectable } from '@nestjs/common';
import { TokenLedger, tokenHeaders } from '#src/quota/index.js';
import type { StreamOwner } from '#src/streaming/index.js';
import type { DraftGraphAnswer } from './draft-answer.schema.js';
import { Drafting, type DraftJob } from './drafting.service.js';

/** A draft for which tokens are reserved. Whoever opens one closes it. */
export interface MeteredDraft {
  draft(job: Omit<DraftJob, 'meter'>): Promise<DraftGraphAnswer>;
  /** Gives back what was reserved and not used; does nothing to a draft that is over. */
  close(): Promise<void>;
  /** What is left to the owner, as last known. */
  limitHeaders(): Readonly<Record<string, string>>;
}

/** Drafts that are charged to somebody. */
@Injectable()
export class MeteredDrafting {
  constructor(
    private readonly drafting: Drafting,
    private readonly ledger: TokenLedger,
  ) {}

  /** @throws {AppError} `QUOTA_EXHAUSTED` when the owner has nothing left */
  async open({ tenantId, principalId }: StreamOwner): Promise<MeteredDraft> {
    const meter = await this.ledger.open({ id: principalId, tenantId });
    return {
      draft: (job) => this.drafting.draft({ ...job, meter }),
      close: () => meter.stop('failed'),
      limitHeaders: () => (meter.lastStanding === undefined ? {} : tokenHeaders(meter.lastStanding)),
    };
  }
}
