import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../test/support/fake-clock.js';
import type { Principal } from './principal.js';
import { type Verified, VerifiedCredentials } from './verified-credentials.js';

const principal = (id: string): Principal => ({
  id,
  tenantId: 'acme',
  roles: ['user'],
  scopes: new Set(['drafts:create']),
  method: 'api_key',
});

describe('VerifiedCredentials', () => {
  let clock: FakeClock;
  let keys: VerifiedCredentials;
  let lookups: number;

  beforeEach(() => {
    clock = new FakeClock();
    keys = new VerifiedCredentials(clock, 1_000);
    lookups = 0;
  });

  const verify = async (): Promise<Verified> => {
    lookups += 1;
    return { principal: principal('key_a'), until: Number.POSITIVE_INFINITY };
  };

  it('looks a key up once for a second', async () => {
    await keys.find('a', verify);
    await clock.advance(999);
    await keys.find('a', verify);
    expect(lookups).toBe(1);
    await clock.advance(1);
    await keys.find('a', verify);
    expect(lookups).toBe(2);
  });

  it('does not outlast the key', async () => {
    const dying = async (): Promise<Verified> => ({ ...(await verify()), until: clock.now() + 10 });
    await keys.find('a', dying);
    await clock.advance(10);
    await keys.find('a', dying);
    expect(lookups).toBe(2);
  });

  it('shares one look-up among concurrent requests', async () => {
    await Promise.all([keys.find('a', verify), keys.find('a', verify), keys.find('a', verify)]);
    expect(lookups).toBe(1);
  });

  it('keeps keys apart', async () => {
    await keys.find('a', verify);
    const other = await keys.find('b', async () => ({
      principal: principal('key_b'),
      until: Number.POSITIVE_INFINITY,
    }));
    expect(other.id).toBe('key_b');
  });

  it('remembers no failure', async () => {
    await expect(keys.find('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect((await keys.find('a', verify)).id).toBe('key_a');
  });

  it('looks a forgotten key up at once, and only that one', async () => {
    await keys.find('a', verify);
    await keys.find('b', async () => ({ principal: principal('key_b'), until: Number.POSITIVE_INFINITY }));
    keys.forget('key_a');
    await keys.find('a', verify);
    await keys.find('b', verify);
    expect(lookups).toBe(2);
  });

  it('does not remember what was looked up before the key was forgotten', async () => {
    const slow = Promise.withResolvers<Verified>();
    const running = keys.find('a', () => slow.promise);
    keys.forget('key_a');
    slow.resolve({ principal: principal('key_a'), until: Number.POSITIVE_INFINITY });
    await running;
    await expect(keys.find('a', () => Promise.reject(new Error('revoked')))).rejects.toThrow('revoked');
  });

  it('makes a second look-up for who comes after the key was forgotten', async () => {
    const slow = Promise.withResolvers<Verified>();
    const before = keys.find('a', () => slow.promise);
    keys.forget('key_a');
    await expect(keys.find('a', () => Promise.reject(new Error('revoked')))).rejects.toThrow('revoked');
    slow.resolve({ principal: principal('key_a'), until: Number.POSITIVE_INFINITY });
    expect((await before).id).toBe('key_a');
  });

  it('forgets everybody at once, also who is being verified', async () => {
    const slow = Promise.withResolvers<Verified>();
    await keys.find('a', verify);
    const running = keys.find('b', () => slow.promise);
    keys.forgetAll();
    slow.resolve({ principal: principal('key_b'), until: Number.POSITIVE_INFINITY });
    await running;
    await expect(keys.find('a', () => Promise.reject(new Error('withdrawn')))).rejects.toThrow('withdrawn');
    await expect(keys.find('b', () => Promise.reject(new Error('withdrawn')))).rejects.toThrow('withdrawn');
  });

  it('believes no verification longer than it is told to', async () => {
    const patient = new VerifiedCredentials(clock, Number.POSITIVE_INFINITY);
    const until = clock.now() + 60_000;
    await patient.find('a', async () => ({ ...(await verify()), until }));
    await clock.advance(59_999);
    await patient.find('a', verify);
    expect(lookups).toBe(1);
    await clock.advance(1);
    await patient.find('a', verify);
    expect(lookups).toBe(2);
  });

  it('looks a key up again when the clock stepped back', async () => {
    await keys.find('a', verify);
    await clock.advance(-3_600_000);
    await keys.find('a', verify);
    expect(lookups).toBe(2);
  });

  it('survives more bad keys than it has room for', async () => {
    await keys.find('a', verify);
    for (let guess = 0; guess < 20_000; guess += 1) {
      await Promise.resolve(keys.find(`guess ${guess}`, () => Promise.reject(new Error('no')))).catch(() => undefined);
    }
    await keys.find('a', verify);
    expect(lookups).toBe(1);
  });
});
