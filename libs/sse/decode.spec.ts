import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type IncomingEvent, SseDecoder, SseOverflowError } from './decode.js';
import { encodeEvent, encodeRetry, HEARTBEAT } from './encode.js';

const utf8 = new TextEncoder();
const decoder = (maxEventLength = 10_000): SseDecoder => new SseDecoder({ maxEventLength });
const decode = (...chunks: readonly (string | Uint8Array)[]): IncomingEvent[] => {
  const subject = decoder();
  return chunks.flatMap((chunk) => subject.push(typeof chunk === 'string' ? utf8.encode(chunk) : chunk));
};

const STREAM =
  '\uFEFFretry: 2000\n\nid: 1\r\nevent: stage\r\ndata: {"text":"Grüße 🎉"}\r\n\r\n: heartbeat\n\n' +
  'id: 2\rdata: a\rdata:b\r\rid: x\0y\ndata: kept id\n\nevent: none\n\nid\ndata\n\ndata: cut off';
const EVENTS = [
  { id: '1', event: 'stage', data: '{"text":"Grüße 🎉"}' },
  { id: '2', event: 'message', data: 'a\nb' },
  { id: '2', event: 'message', data: 'kept id' },
  { id: '', event: 'message', data: '' },
];

describe('the decoder', () => {
  it('reads every line ending, the byte order mark, comments and empty fields as the standard says', () => {
    expect(decode(STREAM)).toEqual(EVENTS);
  });

  it('answers the same events however the bytes are cut in two', () => {
    const bytes = utf8.encode(STREAM);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(decode(bytes.subarray(0, at), bytes.subarray(at))).toEqual(EVENTS);
    }
  });

  it('answers the same events byte by byte', () => {
    const subject = decoder();
    expect([...utf8.encode(STREAM)].flatMap((byte) => subject.push(Uint8Array.of(byte)))).toEqual(EVENTS);
    expect(subject.retryMs).toBe(2_000);
  });

  it('gives back what was encoded, for any data, any names and any cuts', () => {
    const event = fc.record({
      seq: fc.nat(),
      event: fc.stringMatching(/^[a-z._]{1,12}$/),
      data: fc.string({ unit: 'binary' }),
    });
    const cuts = fc.array(fc.nat({ max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(event), cuts, (events, sizes) => {
        const text = encodeRetry(2_000) + events.map((each) => HEARTBEAT + encodeEvent(each)).join('');
        const subject = decoder();
        const received = chunksOf(utf8.encode(text), sizes).flatMap((chunk) => subject.push(chunk));
        expect(received).toEqual(
          events.map(({ seq, event: name, data }) => ({
            id: String(seq),
            event: name,
            data: wellFormed(data).replaceAll(/\r\n|\r/g, '\n'),
          })),
        );
      }),
    );
  });

  it('remembers the id that a reconnect sends, and never one with a NUL', () => {
    const subject = decoder();
    subject.push(utf8.encode('id: 7\ndata: x\n\nid: 8\0\ndata: y\n\n'));
    expect(subject.lastEventId).toBe('7');
  });

  it.each([
    ['one endless line', 'data: ', 'x'],
    ['endless data lines', '', 'data: x\n'],
    ['an endless comment', ': ', 'x'],
  ])('refuses %s before it fills the memory', (_what, start, piece) => {
    const subject = decoder(1_000);
    subject.push(utf8.encode(start));
    const flood = () => {
      for (let count = 0; count < 2_000; count += 1) subject.push(utf8.encode(piece));
    };
    expect(flood).toThrow(SseOverflowError);
  });

  it('reads heartbeats for ever without growing', () => {
    const subject = decoder(100);
    for (let count = 0; count < 1_000; count += 1) subject.push(utf8.encode(': still here\n'));
    expect(subject.push(utf8.encode('data: x\n\n'))).toHaveLength(1);
  });
});

describe('the encoder', () => {
  it('writes the id first, and none for a dialect without ids', () => {
    expect(encodeEvent({ seq: 3, event: 'stage', data: '{}' })).toBe('id: 3\nevent: stage\ndata: {}\n\n');
    expect(encodeEvent({ event: 'stage', data: '{}' })).toBe('event: stage\ndata: {}\n\n');
  });
});

const wellFormed = (text: string): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8.encode(text));

function chunksOf(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = (sizes[turn % sizes.length] ?? 0) + 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
