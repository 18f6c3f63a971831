import { describe, expect, it } from '@jest/globals';
import { type Dialect, inDialect } from './dialect.js';

const shouting: Dialect = () => ({
  take: (log) => Buffer.from(Buffer.from(log).toString().toUpperCase()),
  end: () => Buffer.from('!'),
});

const collected = async (bytes: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(bytes)).toString();

describe('a log in a dialect', () => {
  it('is told piece by piece, with its own end', async () => {
    async function* log() {
      yield* [Buffer.from('tea'), Buffer.from(' time')];
    }
    expect(await collected(inDialect(log(), shouting))).toBe('TEA TIME!');
  });

  it('has no more to say when the dialect has nothing', async () => {
    async function* log() {
      yield Buffer.from('tea');
    }
    expect(await collected(inDialect(log(), () => ({ ...shouting(), end: () => undefined })))).toBe('TEA');
  });

  it('is left at once by a reader that hangs up while it waits', async () => {
    let left = false;
    const waiting: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: async () => {
          left = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const reader = inDialect(waiting, shouting)[Symbol.asyncIterator]();
    void reader.next();
    await reader.return?.();
    expect([left, await reader.next()]).toEqual([true, { done: true, value: undefined }]);
  });

  it('fails as its log fails', async () => {
    async function* log(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('tea');
      throw new Error('The store is away');
    }
    await expect(collected(inDialect(log(), shouting))).rejects.toThrow('The store is away');
  });
});
