import { Injectable } from '@nestjs/common';
import { estimateTokens, Models } from '#src/models/index.js';
import { TokenLedger } from '#src/quota/index.js';
import type { StreamOwner } from '#src/streaming/index.js';
import type { DraftGraphAnswer } from './draft-answer.schema.js';
import type { DraftGraphRequest } from './draft-request.schema.js';
import { Drafting, type DraftJob } from './drafting.service.js';
import { SYSTEM } from './prompt.policy.js';

/** A draft for which tokens are reserved. Whoever opens one closes it. */
export interface MeteredDraft {
  draft(job: Omit<DraftJob, 'tenantId' | 'meter'>): Promise<DraftGraphAnswer>;
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
    private readonly models: Models,
  ) {}

  /** @throws {AppError} `QUOTA_EXHAUSTED` when the owner has not enough left for the brief; `FORBIDDEN` when nobody knows its price */
  async open({ tenantId, principalId }: StreamOwner, { brief }: DraftGraphRequest): Promise<MeteredDraft> {
    const inputTokens = estimateTokens(SYSTEM) + estimateTokens(brief);
    const price = this.models.price('text', undefined);
    const meter = await this.ledger.open({ id: principalId, tenantId }, inputTokens, price);
    return {
      draft: (job) => this.drafting.draft({ ...job, tenantId, meter }),
      close: () => meter.stop('failed'),
      limitHeaders: () => meter.limitHeaders,
    };
  }
}
