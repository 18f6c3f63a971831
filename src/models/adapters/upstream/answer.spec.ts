import { describe, expect, it } from '@jest/globals';
import { Answer } from './answer.js';
import type { AnswerEvent } from './answer-event.js';
import { AnswerReading, words } from './answer-reading.js';

/** Says the data of every event, one below the other. */
class Dictation extends AnswerReading {
  protected readonly usage = undefined;

  read(data: string): readonly AnswerEvent[] {
    this.over = data === '[DONE]';
    this.finish = 'stop';
    return [words(`${data}|`)];
  }
}

/** A body of these pieces, and what became of it. */
class Pieces {
  became = 'open';

  constructor(private readonly left: Uint8Array[]) {}

  async next(): Promise<Uint8Array | undefined> {
    return this.left.shift();
  }

  release(): void {
    this.became = 'released';
  }

  leave(): void {
    if (this.became === 'open') this.became = 'left';
  }
}

const patient = { within: <T>(_idleMs: number, work: Promise<T>): Promise<T> => work };

const answerTo = (body: Pieces): Promise<Answer> => new Answer(body, new Dictation(), patient, 1_000).begin();

function cut(bytes: Uint8Array, ...cuts: number[]): Uint8Array[] {
  const at = [0, ...cuts, bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

async function heard(pieces: Uint8Array[]): Promise<readonly string[]> {
  const events = await Array.fromAsync(await answerTo(new Pieces(pieces)));
  expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
  return events.flatMap((event) => (event.type === 'words' ? [event.text] : []));
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const STREAM =
  '\uFEFF: hello\ndata: {"a":"čaj 🍵"}\n\nevent: x\r\nid: 7\r\ndata:one\r\ndata: two\r\n\r\ndata\rdata:\r\rdata: [DONE]\n\n';
const SAID = ['{"a":"čaj 🍵"}', 'one\ntwo', '\n', '[DONE]', ''].join('|');

describe('an answer', () => {
  it('says the same wherever its bytes are cut in two', async () => {
    const stream = bytes(STREAM);
    for (let at = 0; at <= stream.length; at++) expect((await heard(cut(stream, at))).join('')).toBe(SAID);
  });

  it('says the same byte by byte', async () => {
    const stream = bytes(STREAM);
    expect((await heard(cut(stream, ...stream.keys()))).join('')).toBe(SAID);
  });

  it.each([
    ['without its blank line', 'data: a\n\ndata: [DONE]\n', 'a|[DONE]|'],
    ['without any line end', 'data: a\n\ndata: [DONE]', 'a|[DONE]|'],
    ['with a field that only begins like data', 'database: x\n\ndata: a\n\n', 'a|'],
    ['with events after its end', 'data: a\n\ndata: [DONE]\n\ndata: b\n\n', 'a|[DONE]|'],
  ])('is understood %s', async (_title, text, expected) => {
    expect((await heard([bytes(text)])).join('')).toBe(expected);
  });

  it.each([
    ['comments alone', ': ping\n\n: ping\n\n'],
    ['nothing', ''],
  ])('of %s is none', async (_title, text) => {
    await expect(heard([bytes(text)])).rejects.toMatchObject({ fault: 'truncated' });
  });

  it('says all that came together at once', async () => {
    expect(await heard(cut(bytes('data: a\n\ndata: b\n\ndata: c\n\n'), 18))).toEqual(['a|b|', 'c|']);
  });

  it('lets go of its connection with its last event, and closes it when its reader leaves before', async () => {
    const finished = new Pieces([bytes('data: a\n\n'), bytes('data: [DONE]\n\n')]);
    await Array.fromAsync(await answerTo(finished));
    expect(finished.became).toBe('released');

    const left = new Pieces([bytes('data: a\n\n'), bytes('data: b\n\n')]);
    for await (const _event of await answerTo(left)) break;
    expect(left.became).toBe('left');
  });
});
