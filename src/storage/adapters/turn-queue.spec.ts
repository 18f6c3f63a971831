import { describe, expect, it } from '@jest/globals';
import { TurnQueue, TurnTimeout } from './turn-queue.js';

const LONG_MS = 10_000;

describe('a queue of turns', () => {
  it('gives turns one at a time, in the order of asking', async () => {
    const turns = new TurnQueue();
    const seen: string[] = [];
    const visit = async (name: string): Promise<void> => {
      const end = await turns.take(LONG_MS);
      seen.push(`${name} in`);
      await Promise.resolve();
      seen.push(`${name} out`);
      end();
    };
    await Promise.all(['a', 'b', 'c'].map(visit));
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('lets no newcomer slip in between two turns', async () => {
    const turns = new TurnQueue();
    const end = await turns.take(LONG_MS);
    const seen: string[] = [];
    const waiting = turns.take(LONG_MS).then((next) => {
      seen.push('waited');
      next();
    });
    end();
    const newcomer = turns.take(LONG_MS).then(() => seen.push('came'));
    await Promise.all([waiting, newcomer]);
    expect(seen).toEqual(['waited', 'came']);
  });

  it('sends away who waited too long, and forgets them', async () => {
    const turns = new TurnQueue();
    const end = await turns.take(LONG_MS);
    await expect(turns.take(1)).rejects.toBeInstanceOf(TurnTimeout);
    const next = turns.take(LONG_MS);
    end();
    end();
    expect(await next).toBeInstanceOf(Function);
    await expect(turns.take(1)).rejects.toBeInstanceOf(TurnTimeout);
  });
});
