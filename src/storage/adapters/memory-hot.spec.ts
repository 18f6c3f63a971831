import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { QuietLog } from '../../../test/support/quiet-log.ts';
import type { HotArea } from '../hot.port.js';
import { MemoryHot } from './memory-hot.js';

const KILOBYTE = new Uint8Array(1_024);
const TTL_MS = 10_000;
const terms = { ttlMs: TTL_MS, leaseMs: TTL_MS, maxEvents: 1_000, maxBytes: 1_000_000 };
const key = (area: HotArea, id: number) => ({ tenant: 'a', area, id: `${id}` });

function small() {
  const clock = new FakeClock();
  return { clock, hot: new MemoryHot(clock, new QuietLog(), { valueBytes: 20_000, logBytes: 20_000 }) };
}

const write = async (hot: MemoryHot, id: number, final: boolean): Promise<string> => {
  const log = key('log', id);
  await hot.openLog(log, 'h', new Uint8Array(), terms);
  const batch = { firstSeq: 1, lastSeq: 1, data: KILOBYTE };
  return (await hot.append(log, 'h', batch, terms, { state: new Uint8Array(), final })).outcome;
};

describe('a full store in memory', () => {
  it('forgets cached values, oldest first', async () => {
    const { hot } = small();
    for (let id = 0; id < 100; id++) await hot.set(key('cache', id), KILOBYTE, TTL_MS);
    expect(await hot.get(key('cache', 0))).toBeUndefined();
    expect(await hot.get(key('cache', 99))).toBeDefined();
  });

  it('forgets no nonce before its time: it refuses new ones instead', async () => {
    const { hot } = small();
    let kept = 0;
    const fill = async (): Promise<void> => {
      for (; ; kept++) await hot.setIfAbsent(key('nonce', kept), KILOBYTE, TTL_MS);
    };
    await expect(fill()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    expect(kept).toBeGreaterThan(10);
    for (let id = 0; id < kept; id++) expect(await hot.setIfAbsent(key('nonce', id), KILOBYTE, TTL_MS)).toBe(false);
  });

  it('lets cached values make room for others', async () => {
    const { hot } = small();
    for (let id = 0; id < 100; id++) await hot.set(key('cache', id), KILOBYTE, TTL_MS);
    for (let id = 0; id < 10; id++) expect(await hot.setIfAbsent(key('nonce', id), KILOBYTE, TTL_MS)).toBe(true);
  });

  it('takes values again once others have expired', async () => {
    const { hot, clock } = small();
    await expect(
      Promise.all(Array.from({ length: 100 }, (_, id) => hot.set(key('nonce', id), KILOBYTE, TTL_MS))),
    ).rejects.toThrow();
    await clock.advance(TTL_MS);
    expect(await hot.setIfAbsent(key('nonce', 1_000), KILOBYTE, TTL_MS)).toBe(true);
  });

  it('forgets finished logs, oldest first', async () => {
    const { hot } = small();
    for (let id = 0; id < 100; id++) expect(await write(hot, id, true)).toBe('stored');
    expect(await hot.readLog(key('log', 0), 0, 1)).toBeUndefined();
    expect(await hot.readLog(key('log', 99), 0, 1)).toBeDefined();
  });

  it('forgets no running log: it refuses more instead', async () => {
    const { hot } = small();
    let written = 0;
    const fill = async (): Promise<void> => {
      for (; ; written++) await write(hot, written, false);
    };
    await expect(fill()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    for (let id = 0; id < written; id++) expect((await hot.readLog(key('log', id), 0, 1))?.head.lastSeq).toBe(1);
  });

  it('gives memory back by itself', async () => {
    const { hot, clock } = small();
    for (let id = 0; id < 10; id++) await write(hot, id, false);
    await clock.advance(TTL_MS + 1_000);
    for (let id = 0; id < 12; id++) expect(await write(hot, 100 + id, false)).toBe('stored');
    await hot.close();
  });
});
