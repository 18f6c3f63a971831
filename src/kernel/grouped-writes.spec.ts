import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { GroupedWrites } from './grouped-writes.js';

/** A store that answers a write when it is told to. */
class SlowStore {
  readonly begun: string[] = [];
  private readonly answers: PromiseWithResolvers<string>[] = [];
  readonly writes = new GroupedWrites((key, items: readonly string[]) => this.write(key, items), {
    weigh: (item) => item.length,
    most: 5,
  });

  /** The oldest write that is not answered. */
  async answer(how: 'done' | 'failed' = 'done'): Promise<void> {
    const oldest = this.answers.shift();
    if (how === 'done') oldest?.resolve('done');
    else oldest?.reject(new Error('away'));
    await endOfTurn();
  }

  private write(key: string, items: readonly string[]): Promise<string> {
    this.begun.push(`${key}: ${items.join(' ')}`);
    const answer = Promise.withResolvers<string>();
    this.answers.push(answer);
    return answer.promise;
  }
}

const outcomes = (all: readonly Promise<string>[]): Promise<readonly string[]> =>
  Promise.all(all.map((each) => each.catch((error: unknown) => String(error))));

describe('writes of one key', () => {
  it('that come in the same turn are one', async () => {
    const store = new SlowStore();
    const all = [store.writes.add('a', '1'), store.writes.add('a', '2')];
    await endOfTurn();
    expect(store.begun).toEqual(['a: 1 2']);
    await store.answer();
    expect(await outcomes(all)).toEqual(['done', 'done']);
  });

  it('that come while one is under way are the next, which waits for it', async () => {
    const store = new SlowStore();
    const first = store.writes.add('a', '1');
    await endOfTurn();
    const later = [store.writes.add('a', '2')];
    await endOfTurn();
    later.push(store.writes.add('a', '3'));
    await endOfTurn();
    expect(store.begun).toEqual(['a: 1']);
    await store.answer();
    expect([await first, store.begun]).toEqual(['done', ['a: 1', 'a: 2 3']]);
    await store.answer();
    expect(await outcomes(later)).toEqual(['done', 'done']);
  });

  it('hold no more than agreed; what is heavier goes alone, and none is lost', async () => {
    const store = new SlowStore();
    const items = ['11', '222', '3', '4444444', '5'];
    const all = items.map((item) => store.writes.add('a', item));
    await endOfTurn();
    for (const _ of items) await store.answer();
    expect(store.begun).toEqual(['a: 11 222', 'a: 3', 'a: 4444444', 'a: 5']);
    expect(await outcomes(all)).toEqual(items.map(() => 'done'));
  });

  it('that wait for one that fails fail with it, untried; those that come afterwards are tried', async () => {
    const store = new SlowStore();
    const first = store.writes.add('a', '1');
    await endOfTurn();
    const waiting = [store.writes.add('a', '2222'), store.writes.add('a', '3333')];
    const failed = outcomes([first, ...waiting]);
    await store.answer('failed');
    expect(await failed).toEqual(['Error: away', 'Error: away', 'Error: away']);
    const after = store.writes.add('a', '4');
    await endOfTurn();
    await store.answer();
    expect([await after, store.begun]).toEqual(['done', ['a: 1', 'a: 4']]);
  });
});

describe('writes of different keys', () => {
  it('do not wait for each other, and share nothing', async () => {
    const store = new SlowStore();
    const [a, b] = [store.writes.add('a', '1'), store.writes.add('b', '2')];
    await endOfTurn();
    expect(store.begun).toEqual(['a: 1', 'b: 2']);
    await store.answer('failed');
    await store.answer();
    expect(await outcomes([a, b])).toEqual(['Error: away', 'done']);
  });
});
