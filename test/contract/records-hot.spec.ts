import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HotRecords } from '#src/idempotency/adapters/hot-records.js';
import type { Held } from '#src/idempotency/records.port.js';
import { MemoryHot } from '#src/storage/adapters/memory-hot.js';
import { FakeClock } from '../support/fake-clock.ts';
import { QuietLog } from '../support/quiet-log.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { type RecordsSubject, recordsContract } from './records.contract.ts';
import { type RedisSubject, redisSubject } from './redis.subject.ts';

const LEASE_MS = 300;
/** A server's clock and ours need not agree to the millisecond. */
const SLACK_MS = 20;
const WINDOW_MS = 120_000;

const held = (): Held => ({ name: { tenantId: 'acme', id: randomUUID(), fingerprint: 'f' }, holder: randomUUID() });
const again = ({ name }: Held): Held => ({ name, holder: randomUUID() });

function inMemory(valueBytes: number): RecordsSubject & { readonly records: HotRecords } {
  const clock = new FakeClock();
  const hot = new MemoryHot(clock, new QuietLog(), { valueBytes, logBytes: 1_000 });
  return { records: new HotRecords(hot, LEASE_MS), leaseMs: LEASE_MS, pass: (ms) => clock.advance(ms) };
}

describe('records in memory', () => {
  it.each(Object.entries(recordsContract))('%s', (_title, check) => check(inMemory(10_000_000)));

  it('are kept for two minutes after the answer', async () => {
    const { records, pass } = inMemory(10_000_000);
    const first = held();
    await records.claim(first);
    await records.keep(first, Buffer.from('x'));
    await pass(WINDOW_MS - 1);
    expect((await records.claim(again(first))).state).toBe('stored');
    await pass(1);
    expect((await records.claim(again(first))).state).toBe('mine');
  });

  it('are kept for seconds once the answer was delivered', async () => {
    const { records, pass } = inMemory(10_000_000);
    const first = held();
    await records.claim(first);
    await records.keep(first, Buffer.from('x'));
    await records.delivered(first.name);
    await pass(4_999);
    expect((await records.claim(again(first))).state).toBe('stored');
    await pass(1);
    expect((await records.claim(again(first))).state).toBe('mine');
  });

  it('begin anew for a call that is made on purpose', async () => {
    const { records } = inMemory(10_000_000);
    const [first, second] = [held(), held()];
    await records.claim(first);
    await records.keep(first, Buffer.from('old'));
    await records.replace({ ...first, holder: second.holder }, undefined);
    expect((await records.claim(again(first))).state).toBe('running');
    await records.keep({ ...first, holder: second.holder }, Buffer.from('new'));
    const found = await records.claim(again(first));
    expect(found.state === 'stored' && Buffer.from(found.answer).toString()).toBe('new');
  });

  it('make room for what must not be forgotten', async () => {
    const clock = new FakeClock();
    const hot = new MemoryHot(clock, new QuietLog(), { valueBytes: 10_000, logBytes: 1_000 });
    const records = new HotRecords(hot, LEASE_MS);
    for (let at = 0; at < 50; at++) await records.replace(held(), Buffer.alloc(1_000));
    for (let at = 0; at < 20; at++) {
      const nonce = { tenant: 'acme', area: 'nonce', id: `${at}` } as const;
      expect(await hot.setIfAbsent(nonce, new Uint8Array(), 1_000)).toBe(true);
    }
  });
});

describe('records in Redis', () => {
  let server: RedisServer;
  let redis: RedisSubject;
  beforeAll(async () => {
    server = await startRedis();
    redis = await redisSubject(server.url, { cluster: false, commandTimeoutMs: 2_000 });
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it.each(Object.entries(recordsContract))('%s', (_title, check) => {
    const records = new HotRecords(redis.hot, LEASE_MS + 2 * SLACK_MS);
    const pass = (ms: number) => redis.tick(ms >= LEASE_MS ? ms + 3 * SLACK_MS : ms);
    return check({ records, leaseMs: LEASE_MS, pass });
  });
});
