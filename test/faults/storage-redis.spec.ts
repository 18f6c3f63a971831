import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HotKey, LogBatch } from '#src/storage/index.js';
import { batch, bytes, contents, going, keyOf, logWith, roomy, text, until } from '../contract/hot.subject.ts';
import { type RedisSubject, redisSubject } from '../contract/redis.subject.ts';
import { type RedisServer, startRedis, startRedisCluster } from '../support/redis.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { timed } from './storage.subject.ts';

const TIMEOUT_MS = 1_000;
/** A busy machine is late; one that waits for the store is later still. */
const SLACK_MS = 750;
const AT_ONCE_MS = 500;

let server: RedisServer;
let subject: RedisSubject;
let key: HotKey;

const connect = (url: string): Promise<RedisSubject> =>
  redisSubject(url, { cluster: false, commandTimeoutMs: TIMEOUT_MS });
const get = () => timed(() => subject.hot.get(key));
const usable = async (): Promise<boolean> => (await get()).ended === 'ok';

beforeEach(async () => {
  server = await startRedis();
  key = keyOf('bucket');
});

afterEach(async () => {
  await subject[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Every call ends in time while the store is away, soon at once, and the store is used again without a restart. */
async function survives(goAway: () => Promise<void> | void, comeBack: () => Promise<void> | void): Promise<void> {
  await subject.hot.set(key, bytes('1'), 60_000);
  await goAway();
  for (let call = 0; call < 3; call++) {
    const { ended, ms } = await get();
    expect(ended).toBe('DEPENDENCY_UNAVAILABLE');
    expect(ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
  }
  const many = await Promise.all(Array.from({ length: 100 }, get));
  expect(new Set(many.map(({ ended }) => ended))).toEqual(new Set(['DEPENDENCY_UNAVAILABLE']));
  expect(Math.max(...many.map(({ ms }) => ms))).toBeLessThan(AT_ONCE_MS);
  expect(subject.degradation.header).toBe('redis');

  await comeBack();
  await until(subject, usable);
  expect(subject.degradation.header).toBe('');
}

describe('Redis', () => {
  it('freezes, and thaws', async () => {
    subject = await connect(server.url);
    await survives(
      () => server.freeze(),
      () => server.thaw(),
    );
    expect(text(await subject.hot.get(key))).toBe('1');
  });

  it('dies, and is started again on the same port', async () => {
    subject = await connect(server.url);
    await survives(
      () => server.kill(),
      () => server.restart(),
    );
  });

  it('is not taken for gone by a process that was busy itself for longer than an answer may take', async () => {
    subject = await connect(server.url);
    await subject.hot.set(key, bytes('1'), 60_000);
    const answers = Array.from({ length: 5 }, get);
    for (const free = performance.now() + 1.5 * TIMEOUT_MS; performance.now() < free; );
    expect((await Promise.all(answers)).map(({ ended }) => ended)).toEqual(answers.map(() => 'ok'));
    expect(subject.degradation.header).toBe('');
  });

  it('is not there at the start, and comes', async () => {
    await server.kill();
    subject = await connect(server.url);
    expect(subject.degradation.header).toBe('redis');
    expect((await get()).ms).toBeLessThan(AT_ONCE_MS);
    await server.restart();
    await until(subject, usable);
    expect(subject.degradation.header).toBe('');
  });

  it('loses its data in the middle of a log: the producer is told', async () => {
    subject = await connect(server.url);
    const log = await logWith(subject.hot, 3, roomy);
    await server.command('flushall');
    expect((await subject.hot.append(log, 'h', batch(4, 4, '4'), roomy, going('s'))).outcome).toBe('lost');
    expect(await contents(subject.hot, log, 0)).toBeUndefined();
  });

  it('loses only the entries of a log: the producer and the reader are told', async () => {
    subject = await connect(server.url);
    const log = await logWith(subject.hot, 3, roomy);
    const [entries = ''] = (await server.command('--scan', '--pattern', '*:entries')).split('\n');
    await server.command('del', entries);
    expect((await subject.hot.append(log, 'h', batch(4, 4, '4'), roomy, going('s'))).outcome).toBe('lost');
    expect((await subject.hot.renewLog(log, 'h', roomy)).outcome).toBe('lost');
    expect(await contents(subject.hot, log, 0)).toBeUndefined();
  });

  it('restarts under a follower: it is told to look, and hears again', async () => {
    subject = await connect(server.url);
    const notices = await follow(await logWith(subject.hot, 0, roomy));
    await server.restart();
    await until(subject, usable);
    await until(subject, () => notices.heard.includes('look'));
    await hearsAgain(notices);
  });

  it('drops the connection of followers only: they are told to look, and hear again', async () => {
    subject = await connect(server.url);
    const notices = await follow(await logWith(subject.hot, 0, roomy));
    await server.command('client', 'kill', 'type', 'pubsub');
    await until(subject, () => notices.heard.includes('look'));
    expect(subject.degradation.header).toBe('');
    await hearsAgain(notices);
  });
});

describe('the network to Redis', () => {
  let proxy: TcpProxy;

  beforeEach(async () => {
    proxy = await startTcpProxy(server.port);
    subject = await connect(`redis://127.0.0.1:${proxy.port}`);
  });

  afterEach(() => proxy[Symbol.asyncDispose]());

  it('is cut, and mended', () =>
    survives(
      () => proxy.cut(),
      () => proxy.heal(),
    ));

  it('loses every byte without a word, and is mended', () =>
    survives(
      () => proxy.stall(),
      () => proxy.heal(),
    ));

  it('becomes slower than the limit, and fast again', () =>
    survives(
      () => proxy.slowDown(TIMEOUT_MS * 2),
      () => proxy.heal(),
    ));

  it('loses every byte of an idle follower: it is found out and the follower hears again', async () => {
    const notices = await follow(await logWith(subject.hot, 0, roomy));
    proxy.stall();
    await until(subject, async () => subject.degradation.header === 'redis' || !(await usable()));
    proxy.heal();
    await until(subject, usable);
    await until(subject, () => notices.heard.includes('look'));
    await hearsAgain(notices);
  }, 20_000);
});

describe('a Redis Cluster', () => {
  it('loses a node and gets it back: every tenant and follower is served again', async () => {
    await using cluster = await startRedisCluster();
    subject = await redisSubject(cluster.url, { cluster: true, commandTimeoutMs: TIMEOUT_MS });
    const keys = Array.from({ length: 30 }, () => keyOf('bucket'));
    const all = async (): Promise<boolean> =>
      (await Promise.all(keys.map((one) => timed(() => subject.hot.get(one))))).every(({ ended }) => ended === 'ok');
    const followed = await Promise.all(keys.slice(0, 6).map(async () => follow(await logWith(subject.hot, 0, roomy))));
    expect(await all()).toBe(true);

    await cluster.nodes[1]?.kill();
    const calls = await Promise.all(keys.map((one) => timed(() => subject.hot.get(one))));
    expect(Math.max(...calls.map(({ ms }) => ms))).toBeLessThan(TIMEOUT_MS + SLACK_MS);

    await cluster.nodes[1]?.restart();
    await until(subject, all);
    for (const notices of followed) await hearsAgain(notices);
  }, 60_000);
});

interface Notices {
  readonly log: HotKey;
  readonly heard: string[];
}

const follow = async (log: HotKey): Promise<Notices> => {
  const heard: string[] = [];
  await subject.hot.followLog(log, (notice: LogBatch | undefined) =>
    heard.push(notice === undefined ? 'look' : `${text(notice.data)}`),
  );
  return { log, heard };
};

/** Appends to a new log of the same name, because a restart may have lost the old one. */
async function hearsAgain({ log, heard }: Notices): Promise<void> {
  const word = `word ${heard.length}`;
  await until(subject, async () => {
    await subject.hot.openLog(log, 'h', bytes(''), roomy).catch(() => false);
    const last = (await subject.hot.readLog(log, 0, 1).catch(() => undefined))?.head.lastSeq ?? 0;
    await subject.hot.append(log, 'h', batch(last + 1, last + 1, word), roomy, going('s')).catch(() => undefined);
    return heard.includes(word);
  });
}
