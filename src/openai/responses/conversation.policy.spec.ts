import { describe, expect, it } from '@jest/globals';
import { conversationOf } from './conversation.policy.js';
import type { InputItem } from './item.schema.js';
import { itemPage, keptItems } from './items.policy.js';
import { responseOfItem } from './response-ids.policy.js';

const ID = 'resp_01a1ffe7-c757-74a7-8419-01fc63131456';
const none = (): never => {
  throw new Error('nothing is referred to');
};
const kept = (items: readonly InputItem[]) => keptItems(items, ID, none);
const spoken = (items: readonly InputItem[], instructions?: string) => conversationOf(instructions, kept(items));
const called = (call_id: string): InputItem => ({ type: 'function_call', call_id, name: 'weather', arguments: '{}' });
const returned = (call_id: string): InputItem => ({ type: 'function_call_output', call_id, output: 'Windy' });

describe('a conversation', () => {
  it('begins with the instructions, and a developer speaks as the system', () => {
    expect(
      spoken(
        [
          { role: 'developer', content: 'Politely' },
          { role: 'user', content: 'Tea?' },
        ],
        'Be brief',
      ),
    ).toEqual([
      { role: 'system', content: 'Be brief' },
      { role: 'system', content: 'Politely' },
      { role: 'user', content: 'Tea?' },
    ]);
  });

  it('puts what a model said and called into one message, in front of what was returned', () => {
    const items: InputItem[] = [
      { role: 'assistant', content: 'So:' },
      called('a'),
      called('b'),
      returned('b'),
      returned('a'),
    ];
    expect(spoken(items)).toMatchObject([
      { role: 'assistant', content: 'So:', toolCalls: [{ id: 'a' }, { id: 'b' }] },
      { role: 'tool', callId: 'b', content: 'Windy' },
      { role: 'tool', callId: 'a' },
    ]);
  });

  it('keeps images beside the words, and leaves the thoughts of a model out', () => {
    const url = 'https://images.example/mill.png';
    const items: InputItem[] = [
      { type: 'reasoning' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is it?' },
          { type: 'input_image', image_url: url, detail: 'original' },
        ],
      },
    ];
    expect(spoken(items)).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image', url, detail: 'high' },
        ],
      },
    ]);
  });

  it.each([
    ['a call without its output', [called('a')]],
    ['an output without its call', [returned('a')]],
    ['an output before its call', [returned('a'), called('a')]],
  ])('is refused for %s', (_what, items) => {
    expect(() => spoken(items)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});

describe('kept items', () => {
  it('are named after their response, and keep the names they came with', () => {
    const [first, second] = kept([{ role: 'user', content: 'Tea?' }, { ...called('a'), id: 'fc_mine' } as InputItem]);
    expect(responseOfItem(first?.id ?? '')).toBe(ID);
    expect(second?.id).toBe('fc_mine');
    expect(responseOfItem('fc_mine')).toBeUndefined();
  });

  it('hold what is referred to in its place', () => {
    const [item] = kept([{ role: 'assistant', content: 'Tea' }]);
    const found = keptItems([{ id: 'msg_1' }], ID, () => item ?? none());
    expect(found).toEqual([item]);
  });

  it('are listed by pages in both orders, each once', () => {
    const items = kept(['a', 'b', 'c'].map((content) => ({ role: 'user' as const, content })));
    for (const order of ['asc', 'desc'] as const) {
      const first = itemPage(items, { limit: 2, order });
      const rest = itemPage(items, { limit: 2, order, after: first?.last_id ?? '' });
      const seen = [...(first?.data ?? []), ...(rest?.data ?? [])];
      expect([first?.has_more, rest?.has_more]).toEqual([true, false]);
      expect(seen).toEqual(order === 'asc' ? items : items.toReversed());
    }
    expect(itemPage(items, { limit: 2, order: 'asc', after: 'msg_other' })).toBeUndefined();
  });
});
