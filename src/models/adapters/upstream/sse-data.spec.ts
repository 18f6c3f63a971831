import { describe, expect, it } from '@jest/globals';
import { sseData } from './sse-data.js';

async function* pieces(bytes: Uint8Array, ...cuts: number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
}

const read = async (chunks: AsyncIterable<Uint8Array>): Promise<readonly string[]> =>
  (await Array.fromAsync(sseData(chunks))).flat();

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const STREAM =
  '\uFEFF: hello\ndata: {"a":"čaj 🍵"}\n\nevent: x\r\nid: 7\r\ndata:one\r\ndata: two\r\n\r\ndata\rdata:\r\rdata: [DONE]\n\n';
const EVENTS = ['{"a":"čaj 🍵"}', 'one\ntwo', '\n', '[DONE]'];

describe('sseData', () => {
  it('reads the same events wherever the bytes are cut in two', async () => {
    const stream = bytes(STREAM);
    for (let cut = 0; cut <= stream.length; cut++) expect(await read(pieces(stream, cut))).toEqual(EVENTS);
  });

  it('reads the same events byte by byte', async () => {
    const stream = bytes(STREAM);
    expect(await read(pieces(stream, ...stream.keys()))).toEqual(EVENTS);
  });

  it.each([
    ['without its blank line', 'data: a\n\ndata: [DONE]\n', ['a', '[DONE]']],
    ['without any line end', 'data: a\n\ndata: [DONE]', ['a', '[DONE]']],
    ['of comments alone', ': ping\n\n: ping\n\n', []],
    ['of nothing', '', []],
    ['whose field only begins like data', 'database: x\n\n', []],
  ])('understands a stream %s', async (_title, text, expected) => {
    expect(await read(pieces(bytes(text)))).toEqual(expected);
  });

  it('gives all events of one piece together', async () => {
    expect(await Array.fromAsync(sseData(pieces(bytes('data: a\n\ndata: b\n\ndata: c\n\n'), 18)))).toEqual([
      ['a', 'b'],
      ['c'],
    ]);
  });
});
