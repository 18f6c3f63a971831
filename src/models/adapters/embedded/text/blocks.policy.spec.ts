import { describe, expect, it } from '@jest/globals';
import { blocks } from './blocks.policy.js';

const shape = (text: string): [string, string][] =>
  blocks(text).map(({ kind, start, end }) => [kind, text.slice(start, end).trim()]);

describe('blocks', () => {
  it.each([
    ['joins wrapped lines', 'One long line\nthat goes on.', [['prose', 'One long line\nthat goes on.']]],
    [
      'keeps bullets apart',
      '- lease\n* buy\n3. rent\nb) borrow',
      [
        ['item', 'lease'],
        ['item', 'buy'],
        ['item', 'rent'],
        ['item', 'borrow'],
      ],
    ],
    [
      'takes each row of a table as an item',
      '| lease | 4\n|---|---\n| buy | 9',
      [
        ['item', 'lease | 4'],
        ['item', 'buy | 9'],
      ],
    ],
    ['keeps what continues a bullet with it', '- lease\n  for a year', [['item', 'lease\n  for a year']]],
    [
      'sees a hash heading',
      '## Options\nText here.',
      [
        ['heading', 'Options'],
        ['prose', 'Text here.'],
      ],
    ],
    [
      'sees a title between a gap and a list',
      'Intro.\n\nBattery buses\n- range',
      [
        ['prose', 'Intro.'],
        ['heading', 'Battery buses'],
        ['item', 'range'],
      ],
    ],
    [
      'sees a line ending in a colon as a title',
      'Next steps:\n- ask',
      [
        ['heading', 'Next steps:'],
        ['item', 'ask'],
      ],
    ],
    [
      'leaves memo headers out and keeps the subject',
      'To: Board\nFrom: Ops\nRe: Gate queue',
      [['subject', 'Gate queue']],
    ],
    [
      'tells questions from answers',
      'Q: Why now?\nA: Because it rains.',
      [
        ['question', 'Why now?'],
        ['prose', 'Because it rains.'],
      ],
    ],
    [
      'starts a block at a label',
      'Some text here\nRisks: rain.',
      [
        ['prose', 'Some text here'],
        ['prose', 'Risks: rain.'],
      ],
    ],
  ])('%s', (_rule, text, expected) => {
    expect(shape(text)).toEqual(expected);
  });
});
