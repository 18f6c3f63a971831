import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Dialect } from '#src/http/index.js';
import { postedFrames, readFrames } from './response-frames.js';

const text =
  'retry: 2000\n\nid: 1\nevent: a\ndata: "\\n\\nid: 9\\n ü"\n\n: heartbeat\n\nid: 12\nevent: response.completed\ndata: {}\n\n';

function told(dialect: Dialect, source: string, cuts: readonly number[]): string {
  const translation = dialect();
  const bytes = Buffer.from(source);
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  const pieces = edges.map((edge, at) => translation.take(bytes.subarray(edges[at - 1] ?? 0, edge)));
  return Buffer.concat([...pieces, translation.end() ?? new Uint8Array()])
    .toString()
    .replaceAll(': heartbeat\n\n', '');
}

describe('the frames of a response', () => {
  it('are the same wherever the log is cut: a GET counts from 0, a POST has no ids and ends with [DONE]', () => {
    const plain = text.replaceAll(': heartbeat\n\n', '');
    const cuts = fc.array(fc.nat({ max: Buffer.byteLength(text) }), { maxLength: 4 });
    fc.assert(
      fc.property(cuts, (at) => {
        expect(told(readFrames, text, at)).toBe(plain.replace('id: 1\n', 'id: 0\n').replace('id: 12\n', 'id: 11\n'));
        expect(told(postedFrames, text, at)).toBe(
          `${plain.replace('id: 1\n', '').replace('id: 12\n', '')}data: [DONE]\n\n`,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('of a log that stopped before its end have no [DONE]', () => {
    expect(told(postedFrames, 'id: 1\nevent: response.created\ndata: {}\n\n', [])).not.toContain('[DONE]');
  });
});
