import { SseDecoder, type StreamEvent } from '#libs/sse/index.js';

/** A reader that takes everything as it comes. */
export class StreamCollector {
  readonly events: StreamEvent[] = [];
  readonly chunks: Buffer[] = [];
  /** `open` until the stream closed, by itself (`closed`) or by an error. */
  state: 'open' | 'closed' | Error = 'open';
  private readonly decoder = new SseDecoder({ maxEventLength: 64 * 1_048_576 });

  constructor(private readonly source: AsyncIterable<Uint8Array>) {
    void this.read();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Names and numbers of what came. */
  get outline(): readonly string[] {
    return this.events.map(({ seq, event }) => `${seq} ${event}`);
  }

  get lastSeq(): number {
    return this.events.at(-1)?.seq ?? 0;
  }

  /** The last event's data. */
  get last(): Record<string, unknown> {
    return JSON.parse(this.events.at(-1)?.data ?? '{}') as Record<string, unknown>;
  }

  private async read(): Promise<void> {
    try {
      for await (const chunk of this.source) {
        this.chunks.push(Buffer.from(chunk));
        for (const { id, event, data } of this.decoder.push(chunk)) this.events.push({ seq: Number(id), event, data });
      }
      this.state = 'closed';
    } catch (error) {
      this.state = error instanceof Error ? error : new Error(String(error));
    }
  }
}
