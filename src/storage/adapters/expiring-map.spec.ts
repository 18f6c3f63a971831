import { describe, expect, it } from '@jest/globals';
import { ExpiringMap } from './expiring-map.js';

const filled = (count: number, expiresAt: number): ExpiringMap<number> => {
  const map = new ExpiringMap<number>();
  for (let at = 0; at < count; at++) map.set(`key ${at}`, at, { bytes: 10, expiresAt, now: 0 });
  return map;
};

describe('a map whose values expire', () => {
  it('gives a value until its time, not at it', () => {
    const map = filled(1, 100);
    expect(map.get('key 0', 99)).toBe(0);
    expect(map.get('key 0', 100)).toBeUndefined();
    expect(map.size).toBe(0);
  });

  it('knows its total size', () => {
    const map = filled(3, 100);
    map.set('key 0', 0, { bytes: 1, expiresAt: 100, now: 0 });
    map.delete('key 1');
    map.delete('key 1');
    expect(map.bytes).toBe(11);
  });

  it('keeps few expired values when new ones keep coming', () => {
    const map = new ExpiringMap<number>();
    for (let now = 0; now < 10_000; now++) map.set(`key ${now}`, now, { bytes: 1, expiresAt: now + 10, now });
    expect(map.size).toBeLessThan(30);
  });

  it('removes everything that expired when swept round', () => {
    const map = filled(100, 50);
    map.set('living', 1, { bytes: 1, expiresAt: 1_000, now: 0 });
    map.sweep(1_000, 60);
    map.sweep(1_000, 60);
    expect([map.size, map.bytes]).toEqual([1, 1]);
  });

  it('drops the value that was set first; setting again counts as new', () => {
    const map = filled(3, 100);
    map.set('key 0', 0, { bytes: 10, expiresAt: 100, now: 0 });
    expect(map.dropOldest()).toBe(true);
    expect([map.get('key 0', 0), map.get('key 1', 0)]).toEqual([0, undefined]);
    map.dropOldest();
    map.dropOldest();
    expect(map.dropOldest()).toBe(false);
  });
});
