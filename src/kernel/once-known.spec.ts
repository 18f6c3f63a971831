import { describe, expect, it } from '@jest/globals';
import { onceKnown } from './once-known.js';

describe('onceKnown', () => {
  it('uses a value at once, without a promise', () => {
    expect(onceKnown(1, (value) => value + 1)).toBe(2);
  });

  it('uses a promised value when it comes', async () => {
    const later = Promise.withResolvers<number>();
    const used = onceKnown(later.promise, (value) => value + 1);
    later.resolve(1);
    expect(used).toBeInstanceOf(Promise);
    expect(await used).toBe(2);
  });

  it('uses nothing when the promise is broken', async () => {
    const used: number[] = [];
    await expect(onceKnown(Promise.reject<number>(new Error('gone')), (value) => used.push(value))).rejects.toThrow();
    expect(used).toEqual([]);
  });
});
