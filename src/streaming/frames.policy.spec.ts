import { describe, expect, it } from '@jest/globals';
import { encodeFrame, framesAfter, gapFrame, isTerminal } from './frames.policy.js';

const frames = [4, 5, 6].map((seq) => encodeFrame(seq, 'stage', `{"n":${seq},"text":"ü\\n\\n"}`));
const batch = { firstSeq: 4, lastSeq: 6, data: Buffer.concat(frames) };
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('the frames of a batch', () => {
  it.each([
    [0, 3],
    [3, 3],
    [4, 2],
    [5, 1],
    [6, 0],
    [99, 0],
  ])('behind %i are the last %i', (after, count) => {
    expect(text(framesAfter(batch, after))).toBe(text(Buffer.concat(frames.slice(3 - count))));
  });

  it('are a view of the stored bytes', () => {
    expect(framesAfter(batch, 4).buffer).toBe(batch.data.buffer);
  });
});

describe('a gap', () => {
  it('moves the cursor behind what is missing', () => {
    expect(text(gapFrame(3, 9, 'trimmed'))).toBe(
      'id: 9\nevent: gap\ndata: {"from_seq":3,"to_seq":9,"reason":"trimmed"}\n\n',
    );
  });
});

describe('the end of a log', () => {
  const endings = new Set(['complete', 'error']);
  const single = (event: string, data = '{}') => ({ firstSeq: 7, lastSeq: 7, data: encodeFrame(7, event, data) });

  it.each(['complete', 'error'])('is a single %s event', (event) => {
    expect(isTerminal(single(event), endings)).toBe(true);
  });

  it('is nothing an event says in its data', () => {
    expect(isTerminal(single('stage', '"\\nevent: complete\\n"'), endings)).toBe(false);
    expect(isTerminal(batch, endings)).toBe(false);
  });
});
