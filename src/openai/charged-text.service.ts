import { Injectable } from '@nestjs/common';
import { estimateInput, Models, type TextEvent, type TextRequest, type TrafficRedactor } from '#src/models/index.js';
import { TokenLedger } from '#src/quota/index.js';
import type { StreamOwner } from '#src/streaming/index.js';

/** One text call for which tokens are reserved. Whoever opens it closes it. */
export interface ChargedCall {
  /** Runs the call, once. Ends when the signal aborts. */
  run(signal: AbortSignal): AsyncIterable<TextEvent>;
  /** Gives back what was reserved and not used; does nothing to a call that is over. */
  close(): Promise<void>;
  /** What is left to the owner, as last known. */
  limitHeaders(): Readonly<Record<string, string>>;
}

/** Text calls that are charged to somebody. */
@Injectable()
export class ChargedText {
  constructor(
    private readonly models: Models,
    private readonly ledger: TokenLedger,
  ) {}

  /** What passes over what is kept or shown of a tenant's requests beside their answers; `undefined`: nothing. */
  redactorOf(tenantId: string): TrafficRedactor | undefined {
    const { outbound, inbound } = this.models.redactionOf(tenantId);
    return outbound ?? inbound;
  }

  /** @throws {AppError} `QUOTA_EXHAUSTED` when the owner has not enough left for the question; `NOT_FOUND` for its model */
  async open({ tenantId, principalId }: StreamOwner, request: TextRequest): Promise<ChargedCall> {
    const price = this.models.price('text', request.model);
    const meter = await this.ledger.open({ id: principalId, tenantId }, estimateInput(request), price);
    const ending = new AbortController();
    try {
      const events = this.models.text(request, { tenantId, meter, signal: ending.signal });
      return {
        run: (signal) => until(signal, ending, events),
        close: () => meter.stop('failed'),
        limitHeaders: () => meter.limitHeaders,
      };
    } catch (error) {
      await meter.stop('failed');
      throw error;
    }
  }
}

/** The events of a call that was made before anybody knew what would end it. */
async function* until<T>(signal: AbortSignal, ending: AbortController, events: AsyncIterable<T>): AsyncGenerator<T> {
  const end = (): void => ending.abort(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    yield* events;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
