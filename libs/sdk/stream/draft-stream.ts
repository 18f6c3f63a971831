import type { StreamEvent } from '#libs/sse/index.js';
import { CountersignError, StreamInterruptedError, StreamVerificationError } from '../errors.js';
import { parseJson } from '../json.js';
import { errorOfProblem } from '../problem-error.policy.js';
import type { RequestOptions } from '../transport.js';
import type { Draft } from '../types.js';
import { type DraftEvent, draftEventOf } from './draft-event.policy.js';
import { type ResumingReader, TERMINAL } from './resuming-reader.js';
import type { Proof, StreamProof } from './stream-proof.js';

/** Parts of a stream. */
export interface StreamParts {
  readonly reader: ResumingReader;
  readonly proof: StreamProof;
  readonly options: RequestOptions;
  readonly cancel: (streamId: string) => Promise<unknown>;
}

/**
 * The events of a run: every one once and in order, over as many connections as it takes. Nothing is sent before the first
 * event is asked for. Leaving the loop, or aborting the signal, closes the connection; the run goes on ({@link cancel} stops it).
 *
 * @example
 * const stream = client.drafts.stream({ brief });
 * for await (const { event, data } of stream) if (event === 'stage') draw(data.partial);
 * const draft = await stream.finalDraft(); // received completely, or this throws
 */
export class DraftStream implements AsyncIterable<DraftEvent> {
  private readonly iterator: AsyncGenerator<DraftEvent, void, undefined>;
  private readonly opened: Promise<void>;
  private sayOpened: () => void = () => undefined;
  private proven: Proof | undefined;
  private draft: Draft | undefined;
  private failure: unknown;
  private state: 'new' | 'reading' | 'ended' = 'new';

  constructor(private readonly parts: StreamParts) {
    this.opened = new Promise((resolve) => {
      this.sayOpened = resolve;
    });
    this.iterator = this.read();
  }

  /** `undefined` until the service has named it. */
  get streamId(): string | undefined {
    return this.parts.reader.streamId;
  }

  /** How often it was resumed after a break. */
  get reconnects(): number {
    return this.parts.reader.reconnects;
  }

  /** Number of the last event received; 0 before the first. */
  get lastSeq(): number {
    return this.parts.reader.place.lastSeq;
  }

  /** The newest token: with it another process can go on reading (`client.streams.resume`). */
  get resumeToken(): string | undefined {
    return this.parts.reader.token;
  }

  /**
   * Whether the receipt proves that every event was received as it was sent. False until the end, and for readers that
   * did not begin at the first event: for them only completeness from there on is checked.
   */
  get verified(): boolean {
    return this.proven?.ok === true && this.proven.coverage === 'whole';
  }

  /** One iteration: who iterates twice shares the events. */
  [Symbol.asyncIterator](): AsyncIterator<DraftEvent, void, undefined> {
    return this.iterator;
  }

  /**
   * Reads what is still to be read, and answers the draft.
   *
   * @throws {CountersignError} what the run failed with
   * @throws {StreamVerificationError} when the receipt does not match what was received
   */
  async finalDraft(): Promise<Draft> {
    for await (const _ of this.iterator);
    if (this.draft !== undefined) return this.draft;
    throw (
      this.failure ??
      new StreamInterruptedError('The stream was left before its end', this.parts.reader.place, undefined)
    );
  }

  /**
   * Stops the run itself, also after its reader has left. Whoever still reads gets an error with the code `CANCELLED`.
   * Without effect on a run that has ended, or that was never begun.
   */
  async cancel(): Promise<void> {
    if (this.state === 'new') return void (await this.iterator.return());
    if (this.state === 'reading') await this.opened;
    if (this.streamId !== undefined && this.proven === undefined) await this.parts.cancel(this.streamId);
  }

  private async *read(): AsyncGenerator<DraftEvent, void, undefined> {
    this.state = 'reading';
    try {
      for await (const raw of this.parts.reader.events()) {
        this.sayOpened();
        yield TERMINAL.has(raw.event) ? await this.end(raw) : await this.take(raw);
      }
    } catch (error) {
      this.failure = error;
      throw error;
    } finally {
      this.state = 'ended';
      this.sayOpened();
    }
  }

  private async take(raw: StreamEvent): Promise<DraftEvent> {
    await this.parts.proof.add(this.streamId, raw);
    return draftEventOf(raw);
  }

  /** The last event: handed on only when the receipt holds. */
  private async end(raw: StreamEvent): Promise<DraftEvent> {
    this.proven = await this.parts.proof.finish(this.streamId, raw, this.parts.options);
    if (raw.event === 'error') throw this.failed(errorOfProblem(parseJson(raw.data)), this.proven);
    if (!this.proven.ok) throw new StreamVerificationError(this.streamId, this.proven.fault, this.proven.cause);
    const event = draftEventOf(raw);
    if (event.event !== 'complete') {
      throw new CountersignError({ code: 'UNEXPECTED_RESPONSE', message: 'The last event carries no payload' });
    }
    this.draft = event.data.payload;
    return event;
  }

  /** A failure the service owns up to is believed without a receipt, not with a wrong one. */
  private failed(problem: CountersignError, proof: Proof): CountersignError {
    if (proof.ok || TOLD.has(proof.fault.reason)) return problem;
    return new StreamVerificationError(this.streamId, proof.fault, problem);
  }
}

/** Faults of a failed stream that the service itself has told, or that say nothing about what was received. */
const TOLD: ReadonlySet<string> = new Set(['trimmed', 'receipt_missing', 'keys_unavailable']);
