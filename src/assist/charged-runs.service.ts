import { Injectable } from '@nestjs/common';
import { Ids } from '#src/kernel/index.js';
import { type CallMeter, Models } from '#src/models/index.js';
import { TokenLedger } from '#src/quota/index.js';
import { RunRecord, requestDigest, type StreamOwner } from '#src/streaming/index.js';

/** Tokens reserved for one run. Whoever opens one closes it. */
export interface Charge {
  readonly meter: CallMeter;
  /** Gives back what was reserved and not used; does nothing to a call that is over. */
  close(): Promise<void>;
  /** What is left to the owner, as last known. */
  limitHeaders(): Readonly<Record<string, string>>;
}

/** A run that answers at once. */
export interface AskedRun {
  readonly owner: StreamOwner;
  /** What the record calls it. */
  readonly kind: string;
  readonly request: unknown;
  /** What the model will read, estimated. */
  readonly inputTokens: number;
  /** What nearly every such answer costs, at most. */
  readonly outputTokens: number;
}

/** A result, and what its owner has left. */
export interface Answered<T> {
  readonly result: T;
  readonly limitHeaders: Readonly<Record<string, string>>;
}

/** Runs that are charged to somebody and kept in the record. */
@Injectable()
export class ChargedRuns {
  constructor(
    private readonly ledger: TokenLedger,
    private readonly records: RunRecord,
    private readonly models: Models,
    private readonly ids: Ids,
  ) {}

  /**
   * @param outputTokens of an answer of which a part is no use; left out, its parts are shown as they come
   * @throws {AppError} `QUOTA_EXHAUSTED` when the owner has not enough left to ask; `FORBIDDEN` when nobody knows the price
   */
  async open({ tenantId, principalId }: StreamOwner, inputTokens: number, outputTokens?: number): Promise<Charge> {
    const price = this.models.price('text', undefined);
    const whole = outputTokens === undefined ? undefined : { outputTokens, orNothing: true };
    const meter = await this.ledger.open({ id: principalId, tenantId }, inputTokens, price, whole);
    return {
      meter,
      close: () => meter.stop('failed'),
      limitHeaders: () => meter.limitHeaders,
    };
  }

  /**
   * Does the work of one run: charged, recorded, and answered once both are settled.
   *
   * @throws {AppError} what `open`, the record and the work throw
   */
  async answer<T extends { readonly usage: unknown }>(
    { owner, kind, request, inputTokens, outputTokens }: AskedRun,
    work: (run: { readonly runId: string; readonly meter: CallMeter }) => Promise<T>,
  ): Promise<Answered<T>> {
    const charge = await this.open(owner, inputTokens, outputTokens);
    const run = { id: this.ids.next('run'), owner, kind, requestSha256: requestDigest(request) };
    try {
      const result = await this.records.during(run, () => work({ runId: run.id, meter: charge.meter }), completed);
      return { result, limitHeaders: charge.limitHeaders() };
    } finally {
      await charge.close();
    }
  }
}

const completed = <T extends { readonly usage: unknown }>(result: T) => ({
  end: { status: 'completed', result, usage: result.usage } as const,
});
