import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedisCluster } from '../support/redis.ts';
import { hotContract } from './hot.contract.ts';
import { batch, bytes, going, keyOf, logWith, roomy, until } from './hot.subject.ts';
import { type RedisSubject, redisSubject } from './redis.subject.ts';

let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
let subject: RedisSubject;

beforeAll(async () => {
  cluster = await startRedisCluster();
  subject = await redisSubject(cluster.url, { cluster: true, commandTimeoutMs: 2_000 });
}, 60_000);

afterAll(async () => {
  await subject[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

describe('the store in a Redis Cluster', () => {
  it.each(Object.entries(hotContract))('%s', (_title, check) => check(subject));

  it('spreads tenants over all nodes and keeps each on one', async () => {
    for (let tenant = 0; tenant < 60; tenant++) await subject.hot.set(keyOf('cache'), bytes('1'), 60_000);
    const sizes = await Promise.all(cluster.nodes.map(async (node) => Number(await node.command('dbsize'))));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  it('takes the word of no node that evicts, and of every other', async () => {
    const nonces = Array.from({ length: 30 }, () => keyOf('nonce'));
    const answers = async () => {
      const madeAt = Date.now() + 60_000;
      const uses = nonces.map(({ tenant }, at) => ({ tenant, area: 'nonce' as const, id: `${madeAt} ${at}` }));
      return Promise.allSettled(uses.map((key) => subject.hot.once({ key, madeAt, ttlMs: 60_000 })));
    };
    const refusals = async () => (await answers()).filter(({ status }) => status === 'rejected').length;
    const [node] = cluster.nodes;
    await node?.command('config', 'set', 'maxmemory', '100mb');
    await node?.command('config', 'set', 'maxmemory-policy', 'volatile-ttl');
    const refused = await refusals();
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(nonces.length);
    await using late = await redisSubject(cluster.url, { cluster: true, commandTimeoutMs: 2_000 });
    await until(subject, () => late.hot.evicts);
    await node?.command('config', 'set', 'maxmemory-policy', 'noeviction');
    expect(await refusals()).toBe(0);
  });

  it('follows logs on every node', async () => {
    const logs = await Promise.all(Array.from({ length: 12 }, () => logWith(subject.hot, 0, roomy)));
    const heard = new Set<string>();
    for (const log of logs) await subject.hot.followLog(log, () => heard.add(log.tenant));
    for (const log of logs) await subject.hot.append(log, 'h', batch(1, 1, '1'), roomy, going('s'));
    await until(subject, () => heard.size === logs.length);
  });
});
