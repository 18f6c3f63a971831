import { Injectable } from '@nestjs/common';
import type { Usage } from '#src/kernel/index.js';
import {
  estimateInput,
  Models,
  type Reads,
  type TextEvent,
  type TextRequest,
  type TrafficRedactor,
} from '#src/models/index.js';
import { TokenLedger } from '#src/quota/index.js';
import type { StreamOwner } from '#src/streaming/index.js';

/** Longer than most answers to which nobody sets a limit: what a longer one has said when it is cut is given all the same. */
const ANSWER_TOKENS = 1_024;

/** Tokens of the longest answer that is likely where nobody sets a limit. */
const LONG_ANSWER = 8_192;

/** One text call for which tokens are reserved. Whoever opens it closes it. */
export interface ChargedCall {
  /**
   * Runs the call, once. Ends when the signal aborts.
   *
   * @param reads what is read of the answer
   */
  run(signal: AbortSignal, reads: Reads): AsyncIterable<TextEvent>;
  /** Gives back what was reserved and not used; does nothing to a call that is over. */
  close(): Promise<void>;
  /** What it is charged for: as it ended, or should it be cancelled now. */
  billed(): Usage;
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

  /**
   * @param given as the answer grows, or at its end
   * @throws {AppError} `QUOTA_EXHAUSTED` when the owner has not enough left for the question; `NOT_FOUND` for its model
   */
  async open({ tenantId, principalId }: StreamOwner, request: TextRequest, given: Reads): Promise<ChargedCall> {
    this.models.assertServed('text', request.model);
    const price = this.models.price('text', request.model);
    const outputTokens = request.maxOutputTokens ?? ANSWER_TOKENS;
    const whole = given === 'pieces' ? undefined : { outputTokens, orNothing: false };
    const meter = await this.ledger.open({ id: principalId, tenantId }, estimateInput(request), price, whole);
    return {
      run: (signal, reads) => {
        // Of one that a limit may end in its middle, what was said until then is given.
        const read = reads === 'end' && meter.affords(request.maxOutputTokens ?? LONG_ANSWER) ? 'end' : 'pieces';
        return this.models.text(request, { tenantId, meter, signal, reads: read });
      },
      close: () => meter.stop('failed'),
      billed: () => meter.billed,
      limitHeaders: () => meter.limitHeaders,
    };
  }
}
