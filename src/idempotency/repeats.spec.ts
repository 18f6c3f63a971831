import { describe, expect, it } from '@jest/globals';
import { answered, attemptOf, RepeatWorld, streamed } from '../../test/support/repeat-world.ts';
import type { Admission } from './repeats.service.js';

const LEASE_MS = 15_000;
const keyed = attemptOf({});
const retry = attemptOf({ key: undefined });

const textOf = (admission: Admission): string =>
  admission.outcome === 'replay' ? `replay ${Buffer.from(admission.answer.body ?? []).toString()}` : 'run';

describe('a request that comes twice', () => {
  it.each([
    ['with a key', keyed],
    ['without one', retry],
  ])('%s is run once, on the same instance or another', async (_how, attempt) => {
    const world = new RepeatWorld();
    const [a, b] = [world.instance(), world.instance()];
    const execution = await a.run(attempt);
    await a.executions.finish(execution, answered('done'));
    expect([textOf(await a.admit(attempt)), textOf(await b.admit(attempt))]).toEqual(['replay done', 'replay done']);
  });

  it('while the first runs waits for its answer, here and elsewhere', async () => {
    const world = new RepeatWorld();
    const [a, b] = [world.instance(), world.instance()];
    const execution = await a.run(keyed);
    const waiting = [a.admit(keyed), b.admit(keyed)];
    await world.clock.advance(1_000);
    await a.executions.finish(execution, answered('done'));
    await world.clock.advance(1_000);
    expect((await Promise.all(waiting)).map(textOf)).toEqual(['replay done', 'replay done']);
  });

  it('with a key is told to come back when the first takes longer than five seconds', async () => {
    const world = new RepeatWorld();
    const [a, b] = [world.instance(), world.instance()];
    await a.run(keyed);
    const waiting = [a.admit(keyed), b.admit(keyed)].map((each) => each.catch((error: unknown) => error));
    await world.clock.advance(5_200);
    const expected = expect.objectContaining({ code: 'IDEMPOTENCY_IN_PROGRESS', retryAfterMs: 1_000 });
    expect(await Promise.all(waiting)).toEqual([expected, expected]);
  });

  it('by a client library without a key waits for as long as the first takes', async () => {
    const world = new RepeatWorld();
    const [a, b] = [world.instance(), world.instance()];
    const execution = a.claims.announce(retry);
    const waiting = [a.admit(retry), b.admit(retry)];
    await world.clock.advance(120_000);
    await a.executions.finish(execution, answered('slow'));
    await world.clock.advance(1_000);
    expect((await Promise.all(waiting)).map(textOf)).toEqual(['replay slow', 'replay slow']);
  });

  it.each(['here', 'on another instance'])('is known to wait %s, and to wait no more', async (where) => {
    const world = new RepeatWorld();
    const a = world.instance();
    const execution = a.claims.announce(retry);
    expect(await a.claims.isAwaited(execution)).toBe(false);
    const gone = new AbortController();
    const waiting = (where === 'here' ? a : world.instance()).admit(retry, gone.signal).catch(() => undefined);
    await world.clock.advance(5_000);
    expect([await a.claims.isAwaited(execution), await a.claims.isAwaited(execution)]).toEqual([true, true]);
    gone.abort();
    await waiting;
    await world.clock.advance(3_000);
    await a.claims.isAwaited(execution);
    expect(await a.claims.isAwaited(execution)).toBe(false);
  });

  it('does not wait for a caller that went away', async () => {
    const world = new RepeatWorld();
    const a = world.instance();
    await a.run(keyed);
    const gone = new AbortController();
    const waiting = a.admit(keyed, gone.signal);
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('is not run again for as long as its first holder lives', async () => {
    const world = new RepeatWorld();
    const [a, b] = [world.instance(), world.instance()];
    await a.run(keyed);
    await world.clock.advance(10 * LEASE_MS);
    const again = b.admit(keyed).catch((error: unknown) => error);
    await world.clock.advance(LEASE_MS);
    expect(await again).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS' });
  });

  it('is run again once its holder died, by exactly one', async () => {
    const world = new RepeatWorld();
    const [a, b] = [world.instance(), world.instance()];
    await a.run(keyed);
    a.die();
    await world.clock.advance(LEASE_MS);
    const execution = await b.run(keyed);
    await b.executions.finish(execution, answered('second'));
    expect(textOf(await world.instance().admit(keyed))).toBe('replay second');
  });

  it('is not held for ever by a run that never ends', async () => {
    const world = new RepeatWorld();
    const [a, b] = [world.instance(), world.instance()];
    await a.run(keyed);
    await world.clock.advance(600_000 + 2 * LEASE_MS);
    expect(textOf(await b.admit(keyed))).toBe('run');
  });

  it.each([401, 403, 429, 499, 500, 503])('is run again after an answer with status %d', async (status) => {
    const world = new RepeatWorld();
    const a = world.instance();
    await a.executions.finish(await a.run(keyed), answered('no', status));
    expect(textOf(await a.admit(keyed))).toBe('run');
  });

  it('gets a failure that it waited for, instead of failing once more', async () => {
    const world = new RepeatWorld();
    const a = world.instance();
    const execution = await a.run(keyed);
    const waiting = a.admit(keyed);
    await a.executions.finish(execution, answered('broken', 502));
    expect(textOf(await waiting)).toBe('replay broken');
  });

  it('with an answer that was too large to keep is refused, not run', async () => {
    const world = new RepeatWorld();
    const a = world.instance();
    await a.executions.finish(await a.run(keyed), answered('x'.repeat(1_001)));
    await expect(a.admit(keyed)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('without a key is run again when the answer was too large to keep, whoever sent it', async () => {
    const world = new RepeatWorld();
    const [a, b] = [world.instance(), world.instance()];
    const large = answered('x'.repeat(262_145));
    await a.claims.remember(retry, answered('small'));
    await a.claims.remember(retry, large);
    const execution = await b.run(retry);
    const waiting = b.admit(retry);
    await b.executions.finish(execution, large);
    expect(textOf(await waiting)).toHaveLength('replay '.length + 262_145);
    expect(textOf(await a.admit(retry))).toBe('run');
  });

  it('is not remembered by what failed: a call on purpose that fails makes room for its retry', async () => {
    const world = new RepeatWorld();
    const a = world.instance();
    await a.claims.remember(retry, answered('good'));
    expect(textOf(await a.admit(retry))).toBe('replay good');
    await a.claims.remember(retry, answered('bad', 503));
    expect(textOf(await a.admit(retry))).toBe('run');
  });
});

describe('a stream that is asked for twice', () => {
  const bytes = (async function* () {})();

  it('is read again', async () => {
    const world = new RepeatWorld();
    const a = world.instance();
    world.streams.streams.set('strm_1', bytes);
    await a.executions.finish(await a.run(keyed), streamed('strm_1'));
    expect(await world.instance().admit(keyed)).toMatchObject({ outcome: 'replay', stream: bytes });
  });

  it('of which nothing is left is run again, once', async () => {
    const world = new RepeatWorld();
    const a = world.instance();
    await a.executions.finish(await a.run(keyed), streamed('strm_gone'));
    const [one, other] = [
      world.instance().admit(keyed),
      world
        .instance()
        .admit(keyed)
        .catch((error: unknown) => error),
    ];
    expect(textOf(await one)).toBe('run');
    await world.clock.advance(6_000);
    expect(await other).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS' });
  });
});

describe('while the store is away', () => {
  it('a request with a key is refused', async () => {
    const world = new RepeatWorld();
    world.records.available = false;
    await expect(world.instance().admit(keyed)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });

  it('an answer is sent and known here, and recorded once the store is back', async () => {
    const world = new RepeatWorld();
    const [a, b] = [world.instance(), world.instance()];
    const execution = await a.run(keyed);
    world.records.available = false;
    await a.executions.finish(execution, answered('owed'));
    expect(textOf(await a.admit(keyed))).toBe('replay owed');
    await world.clock.advance(3_000);
    world.records.available = true;
    await world.clock.advance(1_000);
    expect([textOf(await b.admit(keyed)), a.executions.find(execution.id)]).toEqual(['replay owed', undefined]);
  });
});
