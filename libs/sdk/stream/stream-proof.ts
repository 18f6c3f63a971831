import { type KeySet, type Receipt, receiptOf, type StreamEvent, StreamVerifier } from '#libs/sse/index.js';
import { CountersignError, type StreamFault } from '../errors.js';
import { isRecord, parseJson } from '../json.js';
import type { Keyring } from '../keyring.js';
import type { RequestOptions } from '../transport.js';

/** Whether a reader began at the first event. The hash of a receipt can be checked only by one who did. */
export type Coverage = 'whole' | 'tail';

/** What a receipt proved. `tail`: nothing is missing from where the reader began, but earlier events are not known. */
export type Proof =
  | { readonly ok: true; readonly coverage: Coverage }
  | { readonly ok: false; readonly fault: StreamFault; readonly cause?: unknown };

const failed = (fault: StreamFault) => ({ ok: false, fault }) as const;

/** Follows a stream in constant memory and holds it against the receipt in its last event. */
export class StreamProof {
  private verifier: StreamVerifier | undefined;
  private trimmedAt: number | undefined;
  /** The payload that the hash covers. */
  private covered: unknown;

  constructor(
    private readonly coverage: Coverage,
    private readonly keyring: Keyring,
  ) {}

  /** Takes an event before the last. */
  async add(streamId: string | undefined, event: StreamEvent): Promise<void> {
    if (event.event === 'gap') this.trimmedAt ??= event.seq;
    if (event.event === 'stage') this.notePayload(parseJson(event.data));
    if (this.coverage === 'tail' || streamId === undefined) return;
    this.verifier ??= await StreamVerifier.start(streamId);
    await this.verifier.add(event);
  }

  /** Holds what was received against the receipt in the terminal event. */
  async finish(streamId: string | undefined, last: StreamEvent, options: RequestOptions): Promise<Proof> {
    const receipt = receiptOf(last.data);
    if (receipt === undefined) return failed({ reason: 'receipt_missing' });
    const proof =
      this.coverage === 'tail' || streamId === undefined
        ? this.finishTail(receipt, last.seq - 1)
        : await this.finishWhole(streamId, receipt, options);
    if (proof.ok && this.altered(last)) return failed({ reason: 'payload_mismatch', seq: last.seq });
    return proof;
  }

  private async finishWhole(streamId: string, receipt: Receipt, options: RequestOptions): Promise<Proof> {
    const keys = await this.keysFor(receipt.key_id, options);
    if (keys instanceof CountersignError) return { ...failed({ reason: 'keys_unavailable' }), cause: keys };
    this.verifier ??= await StreamVerifier.start(streamId);
    const verdict = await this.verifier.finish(receipt, keys);
    return verdict.valid ? { ok: true, coverage: 'whole' } : failed(verdict);
  }

  private finishTail({ count }: Receipt, received: number): Proof {
    if (this.trimmedAt !== undefined) return failed({ reason: 'trimmed', seq: this.trimmedAt });
    if (count !== received) return failed({ reason: 'count_mismatch', expected: count, received });
    return { ok: true, coverage: 'tail' };
  }

  private notePayload(data: unknown): void {
    if (isRecord(data) && data['stage'] === 'COMPLETE') this.covered = data['payload'];
  }

  /** The terminal event itself is outside the hash: its payload must be the one of the `COMPLETE` stage inside. */
  private altered({ event, data }: StreamEvent): boolean {
    if (event !== 'complete' || this.covered === undefined) return false;
    const document = parseJson(data);
    return JSON.stringify(this.covered) !== JSON.stringify(isRecord(document) ? document['payload'] : undefined);
  }

  private async keysFor(keyId: string, options: RequestOptions): Promise<KeySet | CountersignError> {
    try {
      return await this.keyring.holding(keyId, options);
    } catch (error) {
      if (error instanceof CountersignError && error.code !== 'ABORTED') return error;
      throw error;
    }
  }
}
