import { SseDecoder } from '#libs/sse/index.js';
import type { AnswerEvent } from './answer-event.js';
import type { AnswerReading } from './answer-reading.js';
import { joined } from './joined.policy.js';
import type { UpstreamBody } from './upstream-body.js';
import type { UpstreamCall } from './upstream-call.js';

/** More than the largest answer that is read; the body has the bound that matters. */
const MAX_EVENT_LENGTH = 64 * 1_048_576;
const BLANK_LINE = Buffer.from('\n\n');

/**
 * One answer as it comes: each time all that the bytes since then say, at the end exactly one `end`, or an error. Read
 * once. Leaving early closes the connection.
 */
export class Answer implements AsyncIterable<AnswerEvent> {
  private readonly decoder = new SseDecoder({ maxEventLength: MAX_EVENT_LENGTH });
  private said: readonly AnswerEvent[] = [];
  /** Nothing more comes that matters. */
  private over = false;
  private ended = false;

  constructor(
    private readonly body: Pick<UpstreamBody, 'next' | 'release' | 'leave'>,
    private readonly reading: AnswerReading,
    private readonly call: Pick<UpstreamCall, 'within'>,
    /** Longest silence after the first word. */
    private readonly idleMs: number,
  ) {}

  /** Waits for the first word. */
  async begin(): Promise<this> {
    try {
      this.said = await this.hear();
      return this;
    } catch (error) {
      this.body.leave();
      throw error;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AnswerEvent> {
    try {
      for (;;) {
        for (const event of this.said) yield event;
        if (this.ended) return;
        this.said = await this.call.within(this.idleMs, this.hear());
      }
    } finally {
      this.body.leave();
    }
  }

  /** @throws {UpstreamError} `truncated`, when the upstream never said that it had finished */
  private async hear(): Promise<readonly AnswerEvent[]> {
    while (!this.over) {
      const said = this.read(await this.body.next());
      if (said.length > 0) return said;
    }
    this.ended = true;
    return this.reading.end();
  }

  /** Bytes, or the end of them: some servers leave out the blank line after `[DONE]`. */
  private read(bytes: Uint8Array | undefined): readonly AnswerEvent[] {
    const said: AnswerEvent[] = [];
    for (const { data } of this.decoder.push(bytes ?? BLANK_LINE)) {
      said.push(...this.reading.read(data));
      if (this.reading.over) break;
    }
    this.over = this.reading.over || bytes === undefined;
    if (this.reading.over) this.body.release();
    return joined(said);
  }
}
