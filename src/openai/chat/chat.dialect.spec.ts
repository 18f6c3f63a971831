import { describe, expect, it } from '@jest/globals';
import { encodeEvent, encodeRetry, HEARTBEAT } from '#libs/sse/index.js';
import { chatDialect } from './chat.dialect.js';

const DONE = 'data: [DONE]\n\n';
const chunk = (content: string) => ({ id: 'c', object: 'chat.completion.chunk', choices: [{ delta: { content } }] });
const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } };
const payload = {
  id: 'c',
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'Teče ☕', tool_calls: [call] }, finish_reason: 'stop' },
  ],
  usage: { total_tokens: 3 },
};

const event = (seq: number, name: string, data: unknown): string =>
  encodeEvent({ seq, event: name, data: JSON.stringify(data) });
const gap = event(2, 'gap', { from_seq: 1, to_seq: 2, reason: 'trimmed' });
const complete = event(9, 'complete', { payload, receipt: { root: 'r' } });
const frame = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

/** What a reader is sent of a log that comes in these pieces. */
function told(...pieces: readonly (string | Uint8Array)[]): string {
  const translation = chatDialect();
  const sent = pieces.map((piece) => Buffer.from(translation.take(Buffer.from(piece))).toString());
  return sent.join('') + Buffer.from(translation.end() ?? '').toString();
}

const withoutHeartbeats = (text: string): string => text.replaceAll(HEARTBEAT, '');

describe('the dialect of chat completions', () => {
  const log = [
    encodeRetry(2_000),
    event(1, 'chunk', chunk('Teče')),
    event(2, 'resume', { token: 't' }),
    event(3, 'chunk', chunk(' ☕')),
    complete,
  ].join('');
  const words = frame(chunk('Teče')) + frame(chunk(' ☕')) + DONE;

  it('tells chunks as they are stored, then [DONE], and nothing of the log', () => {
    expect(told(log)).toBe(words);
  });

  it('tells the same however the log is cut', () => {
    const bytes = Buffer.from(log);
    for (let at = 1; at < bytes.length; at += 1) {
      expect(withoutHeartbeats(told(bytes.subarray(0, at), bytes.subarray(at)))).toBe(words);
    }
  });

  it('keeps the connection alive with whatever has no words', () => {
    expect(told(encodeRetry(2_000), HEARTBEAT, complete)).toBe(HEARTBEAT + HEARTBEAT + DONE);
  });

  it('ends a failed run with its problem, without the receipt, and [DONE]', () => {
    const problem = { code: 'UPSTREAM_FAILED', error: { message: 'It failed', code: 'UPSTREAM_FAILED' } };
    expect(told(event(1, 'chunk', chunk('a')), event(2, 'error', { ...problem, receipt: {} }))).toBe(
      frame(chunk('a')) + frame(problem) + DONE,
    );
  });

  it('tells the whole answer at once when its beginning is not kept', () => {
    const text = told(gap + event(3, 'chunk', chunk('e')), complete);
    const { message, ...choice } = payload.choices[0] ?? {};
    const delta = { role: 'assistant', content: 'Teče ☕', tool_calls: [{ index: 0, ...call }] };
    expect(message).toBeDefined();
    expect(JSON.parse(withoutHeartbeats(text).split('\n')[0]?.slice('data: '.length) ?? '')).toEqual({
      ...payload,
      object: 'chat.completion.chunk',
      choices: [{ ...choice, delta }],
    });
    expect(text.endsWith(DONE)).toBe(true);
  });

  it('says so when parts in the middle are not kept, and nothing after that', () => {
    const text = told(event(1, 'chunk', chunk('a')), gap, event(3, 'chunk', chunk('c')), complete);
    expect(withoutHeartbeats(text)).toMatch(
      /^data: .*\n\ndata: \{"error":.*"resume_unavailable".*\}\n\ndata: \[DONE\]\n\n$/,
    );
  });

  it('never ends in silence: a log that stops without its last event is an error', () => {
    expect(told(event(1, 'chunk', chunk('a')))).toMatch(/data: \{"error":.*"not_ready".*\}\n\ndata: \[DONE\]\n\n$/);
  });
});
