import { Injectable } from '@nestjs/common';
import { estimateEmbedding, Models } from '#src/models/index.js';
import { TokenLedger } from '#src/quota/index.js';
import type { StreamOwner } from '#src/streaming/index.js';
import type { Answered } from '../answered.js';
import { embeddingsOf, embedRequestOf } from './embeddings.policy.js';
import type { Embeddings, EmbeddingsRequest } from './embeddings.schema.js';

/** Embeds texts, at the cost of who asks. */
@Injectable()
export class EmbeddingsService {
  constructor(
    private readonly models: Models,
    private readonly ledger: TokenLedger,
  ) {}

  /** @param signal aborts when nobody waits for the answer any more */
  async embed(
    { tenantId, principalId }: StreamOwner,
    request: EmbeddingsRequest,
    signal: AbortSignal,
  ): Promise<Answered<Embeddings>> {
    const asked = embedRequestOf(request);
    this.models.assertServed('embedding', asked.model);
    const price = this.models.price('embedding', asked.model);
    const meter = await this.ledger.open({ id: principalId, tenantId }, estimateEmbedding(asked.texts), price);
    try {
      const result = await this.models.embed(asked, { tenantId, meter, signal });
      return { answer: embeddingsOf(result, request.encoding_format), limitHeaders: meter.limitHeaders };
    } finally {
      await meter.stop('failed');
    }
  }
}
