import { receiptOf, type StreamEvent, type Verdict, verifyStream } from '#libs/sse/index.js';
import type { Keyring } from '../keyring.js';
import { DraftStream } from '../stream/draft-stream.js';
import { type Beginning, type ReaderOptions, ResumingReader } from '../stream/resuming-reader.js';
import { StreamDoors } from '../stream/stream-doors.js';
import { StreamProof } from '../stream/stream-proof.js';
import { pathId, type RequestOptions, type Transport } from '../transport.js';
import type { StreamView } from '../types.js';

export interface FollowOptions extends ReaderOptions {
  /** Number of the last event already received. */
  readonly after?: number;
}

/** Streams that exist already: read on, read again, stopped, checked. */
export class Streams {
  private readonly doors: StreamDoors;

  constructor(
    private readonly transport: Transport,
    private readonly keyring: Keyring,
  ) {
    this.doors = new StreamDoors(transport);
  }

  /**
   * Goes on reading where a resume token stands, also in another process of the same principal. What came before is not sent again, so the
   * receipt's hash is not checked; {@link events} from the start does.
   *
   * @example
   * for await (const event of client.streams.resume(token)) show(event);
   */
  resume(token: string, options: FollowOptions = {}): DraftStream {
    const { after } = options;
    const open = (request: RequestOptions) => this.doors.byToken(token, after, request);
    return this.read({ open, after, streamId: undefined, token, coverage: 'tail' }, options);
  }

  /**
   * The events of a stream the caller owns, from the first or after `after`, live to the end.
   *
   * @example
   * const draft = await client.streams.events(streamId).finalDraft();
   */
  events(streamId: string, options: FollowOptions = {}): DraftStream {
    const after = options.after ?? 0;
    const id = pathId(streamId);
    const open = (request: RequestOptions) => this.doors.byId(id, after, request);
    const coverage = after === 0 ? 'whole' : 'tail';
    return this.read({ open, after, streamId: id, token: undefined, coverage }, options);
  }

  /**
   * Stops the run behind a stream. Its readers get an error with the code `CANCELLED`. A run that has ended stays as it is.
   *
   * @example
   * const { status } = await client.streams.cancel(streamId); // 'cancelling'
   */
  async cancel(streamId: string, options: RequestOptions = {}): Promise<StreamView> {
    const call = { method: 'DELETE', path: `v1/streams/${pathId(streamId)}`, repeat: 'safe' } as const;
    return this.transport.json(call, options);
  }

  /**
   * Checks a stored copy of a whole stream, its terminal event included: the `raw` of every event received.
   *
   * @example
   * const verdict = await client.streams.verify(streamId, events.map(({ raw }) => raw));
   * if (!verdict.valid) report(describeFault(verdict));
   */
  async verify(streamId: string, events: readonly StreamEvent[], options: RequestOptions = {}): Promise<Verdict> {
    const receipt = receiptOf(events.at(-1)?.data ?? '');
    const keys = receipt === undefined ? { keys: [] } : await this.keyring.holding(receipt.key_id, options);
    return verifyStream(streamId, events, keys);
  }

  /** @internal */
  begin(path: string, body: unknown, options: ReaderOptions): DraftStream {
    const open = (request: RequestOptions) => this.doors.begin(path, body, request);
    return this.read({ open, after: 0, streamId: undefined, token: undefined, coverage: 'whole' }, options);
  }

  private read(beginning: Beginning & { readonly coverage: 'whole' | 'tail' }, options: ReaderOptions): DraftStream {
    const { signal } = options;
    return new DraftStream({
      reader: new ResumingReader(this.doors, this.transport.settings, beginning, options),
      proof: new StreamProof(beginning.coverage, this.keyring),
      options: { signal },
      cancel: (streamId) => this.cancel(streamId),
    });
  }
}
