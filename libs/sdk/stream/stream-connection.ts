import { type IncomingEvent, SseDecoder, SseOverflowError } from '#libs/sse/index.js';
import type { Exchange } from '../connection.js';
import { CountersignError } from '../errors.js';

/** Longer than any log the service keeps in memory, in UTF-16 units. */
const MAX_EVENT_LENGTH = 16_777_216;

/** One connection of a stream: the events of one answer, until it ends or falls silent. */
export class StreamConnection {
  private readonly decoder = new SseDecoder({ maxEventLength: MAX_EVENT_LENGTH });

  constructor(
    private readonly exchange: Exchange,
    private readonly idleTimeoutMs: number,
  ) {}

  /** As the service named it; a resumed stream may come without. */
  get streamId(): string | undefined {
    return this.exchange.response.headers.get('x-stream-id') ?? undefined;
  }

  /** What the service asked to wait before a reconnect. */
  get retryMs(): number | undefined {
    return this.decoder.retryMs;
  }

  async *events(): AsyncGenerator<IncomingEvent> {
    const { connection, response } = this.exchange;
    for await (const chunk of connection.chunks(response.body, this.idleTimeoutMs)) {
      yield* this.decode(chunk);
    }
  }

  close(): void {
    this.exchange.connection.close();
  }

  private decode(chunk: Uint8Array): IncomingEvent[] {
    try {
      return this.decoder.push(chunk);
    } catch (cause) {
      if (!(cause instanceof SseOverflowError)) throw cause;
      throw new CountersignError({ code: 'UNEXPECTED_RESPONSE', message: cause.message, cause });
    }
  }
}
