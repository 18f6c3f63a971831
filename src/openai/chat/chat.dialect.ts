import { openAiCode, problems } from '#libs/problem/index.js';
import { HEARTBEAT, type IncomingEvent, SseDecoder } from '#libs/sse/index.js';
import type { Dialect, Translation } from '#src/http/index.js';
import type { ChatCompletion } from './chat-completion.schema.js';

/** The event of a log that holds one chunk, as it is sent. */
export const CHUNK = 'chunk';

/** Longer than the last event of a log: it repeats the whole answer. */
const MAX_EVENT_LENGTH = 64 * 1_048_576;
const DONE = 'data: [DONE]\n\n';

/** The log of a chat completion as the OpenAI API streams it: chunks without ids, then `[DONE]`. */
export const chatDialect: Dialect = () => new ChatTranslation();

class ChatTranslation implements Translation {
  private readonly decoder = new SseDecoder({ maxEventLength: MAX_EVENT_LENGTH });
  private begun = false;
  /** The beginning is not in the log any more: its end tells the whole answer. */
  private cut = false;
  private over = false;

  /** What has no words here keeps the connection alive. */
  take(log: Uint8Array): Uint8Array {
    const text = this.decoder
      .push(log)
      .map((event) => this.say(event))
      .join('');
    return Buffer.from(text === '' ? HEARTBEAT : text);
  }

  /** The process is about to end. */
  end(): Uint8Array | undefined {
    return this.over ? undefined : Buffer.from(this.fail('NOT_READY', 'The service is stopping'));
  }

  private say({ event, data }: IncomingEvent): string {
    if (this.over) return '';
    if (event === CHUNK) return this.chunk(data);
    if (event === 'gap') return this.gap();
    if (event === 'error') return this.close(frame(withoutReceipt(data)));
    if (event === 'complete') return this.close(this.cut ? frame(JSON.stringify(wholeChunk(data))) : '');
    return '';
  }

  private chunk(data: string): string {
    if (this.cut) return '';
    this.begun = true;
    return frame(data);
  }

  private gap(): string {
    this.cut = true;
    return this.begun ? this.fail('RESUME_UNAVAILABLE', 'Parts of this stream are not kept any more') : '';
  }

  private fail(code: 'RESUME_UNAVAILABLE' | 'NOT_READY', message: string): string {
    return this.close(
      frame(JSON.stringify({ error: { message, type: problems[code].openai, param: null, code: openAiCode(code) } })),
    );
  }

  private close(last: string): string {
    this.over = true;
    return last + DONE;
  }
}

const frame = (data: string): string => `data: ${data}\n\n`;

/** A receipt is over the events of the log, which are not what is read here. */
function withoutReceipt(data: string): string {
  const { receipt: _receipt, ...problem } = JSON.parse(data) as Readonly<Record<string, unknown>>;
  return JSON.stringify(problem);
}

/** The whole answer in one chunk. */
function wholeChunk(data: string) {
  const { payload } = JSON.parse(data) as { readonly payload: ChatCompletion };
  const choices = payload.choices.map(({ message: { tool_calls, ...said }, ...choice }) => {
    const calls = tool_calls?.map((call, index) => ({ index, ...call }));
    return { ...choice, delta: { ...said, ...(calls === undefined ? {} : { tool_calls: calls }) } };
  });
  return { ...payload, object: 'chat.completion.chunk', choices };
}
