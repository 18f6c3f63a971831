import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryHot } from '#src/storage/adapters/memory-hot.js';
import { logKeys } from '#src/storage/adapters/redis-logs.js';
import { spell } from '#src/storage/hot-key.policy.js';
import type { Hot, HotKey } from '#src/storage/index.js';
import { FakeClock } from '../support/fake-clock.ts';
import { QuietLog } from '../support/quiet-log.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { hotContract } from './hot.contract.ts';
import { bytes, contents, keyOf, roomy, terms, text, until } from './hot.subject.ts';
import { type RedisSubject, redisSubject } from './redis.subject.ts';

let server: RedisServer;
let subject: RedisSubject;

beforeAll(async () => {
  server = await startRedis();
  subject = await redisSubject(server.url, { cluster: false, commandTimeoutMs: 2_000 });
});

afterAll(async () => {
  await subject[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** An instant nothing is older than that happened before; a millisecond later it is over. */
async function laterThanNow(): Promise<number> {
  await subject.tick(2);
  const now = Date.now();
  await subject.tick(2);
  return now;
}

describe('the store in Redis', () => {
  it.each(Object.entries(hotContract))('%s', (_title, check) => check(subject));

  it('sends a script again that the server forgot', async () => {
    const key = keyOf('lock');
    expect(await subject.hot.acquire(key, 'one', 1_000)).toBe(true);
    await server.command('script', 'flush');
    expect(await subject.hot.acquire(key, 'other', 1_000)).toBe(false);
  });

  it('knows since when it remembers, although it is emptied, restarted or restored', async () => {
    const use = async () => {
      const nonce = { key: keyOf('nonce'), madeAt: await laterThanNow(), ttlMs: 60_000 };
      return {
        again: async () => (await subject.hot.once(nonce)).outcome,
        ...(await subject.hot.once(nonce)),
      };
    };
    const kept = await use();
    expect([kept.outcome, await kept.again()]).toEqual(['first', 'repeated']);

    await server.command('flushall');
    expect([await kept.again(), (await use()).outcome]).toEqual(['forgotten', 'first']);

    await server.command('save');
    const unsaved = await use();
    expect(unsaved.outcome).toBe('first');
    await server.restart();
    await until(subject, () =>
      subject.hot.ping().then(
        () => true,
        () => false,
      ),
    );
    expect(await server.command('exists', spell('test', { tenant: '', area: 'epoch', id: 'once' }))).toBe('1');
    expect([await unsaved.again(), (await use()).outcome]).toEqual(['forgotten', 'first']);
    await server.command('flushall');
  });

  it('leaves nothing behind that never expires', async () => {
    const log = keyOf('log');
    await subject.hot.openLog(log, 'h', bytes(''), roomy);
    await subject.hot.append(log, 'h', { firstSeq: 1, lastSeq: 1, data: bytes('1') }, roomy, {
      state: bytes(''),
      final: false,
    });
    const account = { key: keyOf('ledger'), limit: 100 };
    await subject.hot.hold([account], { id: 'c', charged: 1, held: 1, leaseMs: 1_000 });
    const keys = (await server.command('keys', '*')).split('\n').filter((key) => key !== '');
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(await server.command('pttl', key)).not.toBe('-1');
  });
});

describe('the ledger in Redis', () => {
  const account = () => ({ key: keyOf('ledger'), limit: 100 });
  const keysIn = async ({ key }: { readonly key: HotKey }): Promise<readonly string[]> =>
    (await server.command('keys', `*{${key.tenant}}*`)).split('\n').filter((name) => name !== '');

  it('keeps nothing of an account in which nothing was spent', async () => {
    const refunded = account();
    await subject.hot.hold([refunded], { id: 'c', charged: 0, held: 5, leaseMs: 1_000 });
    expect(await keysIn(refunded)).toHaveLength(1);
    await subject.hot.hold([refunded], { id: 'c', charged: 0, held: 0, leaseMs: 1_000 });
    expect(await keysIn(refunded)).toEqual([expect.stringContaining(':charge:')]);
  });

  it('survives values that are none of its own', async () => {
    const spoilt = account();
    await subject.hot.hold([spoilt], { id: 'c', charged: 1, held: 5, leaseMs: 1_000 });
    for (const name of await keysIn(spoilt)) {
      await server.command('del', name);
      await server.command('lpush', name, 'what is this');
    }
    expect(await subject.hot.spend([], 0, [spoilt.key])).toMatchObject({ granted: true });
    const again = await subject.hot.hold([spoilt], { id: 'c', charged: 7, held: 0, leaseMs: 1_000 });
    expect(again).toMatchObject({ granted: true, accounts: [{ settled: 7, reserved: 0 }] });
  });
});

/** Longer than any history takes. */
const LEASE_MS = 20_000;
/** Longer than all the holds of one history. */
const TTL_MS = 1_000_000;
const agreed = terms({ ttlMs: TTL_MS, leaseMs: LEASE_MS, maxEvents: 12, maxBytes: 60 });

interface Append {
  readonly do: 'append';
  readonly holder: string;
  /** How far the first number is from the right one. */
  readonly skew: number;
  readonly length: number;
  readonly data: string;
  readonly final: boolean;
}

/** Something that happens to a log; `orphan` is the end of its hold, `vanish` the loss of the log. */
type Step =
  | { readonly do: 'open'; readonly holder: string }
  | { readonly do: 'renew'; readonly holder: string }
  | { readonly do: 'takeOver'; readonly holder: string }
  | Append
  | { readonly do: 'cancel' }
  | { readonly do: 'orphan' }
  | { readonly do: 'vanish' };

const holder = fc.constantFrom('a', 'b');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('open' as const, 'renew' as const, 'takeOver' as const), holder }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      holder,
      // Mostly the right number; sometimes a repeat, an overlap or a gap.
      skew: fc.oneof(
        { weight: 5, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -3, max: 2 }) },
      ),
      length: fc.integer({ min: 1, max: 4 }),
      data: fc.string({ maxLength: 20 }),
      final: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'orphan' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('vanish' as const) }) },
);

interface World {
  readonly hot: Hot;
  orphan(log: HotKey): Promise<void>;
  vanish(log: HotKey): Promise<void>;
}

async function take(world: World, log: HotKey, next: Step): Promise<unknown> {
  const { hot } = world;
  if (next.do === 'open') return hot.openLog(log, next.holder, bytes(`by ${next.holder}`), agreed);
  if (next.do === 'renew') return hot.renewLog(log, next.holder, agreed);
  if (next.do === 'takeOver') return hot.takeOverLog(log, next.holder, agreed);
  if (next.do === 'cancel') return hot.requestCancel(log);
  if (next.do === 'orphan') return world.orphan(log);
  if (next.do === 'vanish') return world.vanish(log);
  return append(hot, log, next);
}

async function append(hot: Hot, log: HotKey, next: Append): Promise<unknown> {
  const last = (await hot.readLog(log, 0, 1))?.head.lastSeq ?? 0;
  const firstSeq = Math.max(1, last + 1 + next.skew);
  const batch = { firstSeq, lastSeq: firstSeq + next.length - 1, data: bytes(next.data) };
  return hot.append(log, next.holder, batch, agreed, { state: bytes(`${firstSeq} ${next.data}`), final: next.final });
}

async function history(world: World, log: HotKey, steps: readonly Step[]): Promise<readonly unknown[]> {
  const outcomes: unknown[] = [];
  for (const next of steps) {
    outcomes.push(await take(world, log, next));
    const head = (await world.hot.readLog(log, 0, 1))?.head;
    outcomes.push(
      head && { ...head, header: text(head.header), state: text(head.state) },
      await contents(world.hot, log, 3),
    );
  }
  return outcomes;
}

const inMemory = (): World => {
  const clock = new FakeClock();
  const hot = new MemoryHot(clock, new QuietLog(), { valueBytes: 1_000_000, logBytes: 1_000_000 });
  return { hot, orphan: () => clock.advance(LEASE_MS), vanish: () => clock.advance(agreed.ttlMs) };
};

const inRedis = (): World => {
  const names = (log: HotKey) => logKeys(spell('test', log));
  const remove = async (...keys: readonly string[]): Promise<void> => void (await server.command('del', ...keys));
  return {
    hot: subject.hot,
    orphan: (log) => remove(names(log).lease),
    vanish: (log) => remove(names(log).lease, names(log).meta, names(log).entries),
  };
};

describe('the two stores', () => {
  it('tell the same story of the same history', async () => {
    const sameStory = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const log = keyOf('log');
      const opened: readonly Step[] = [{ do: 'open', holder: 'a' }, ...steps];
      expect(await history(inRedis(), log, opened)).toEqual(await history(inMemory(), log, opened));
    });
    await fc.assert(sameStory, { numRuns: 100 });
  }, 60_000);
});
