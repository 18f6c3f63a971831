import { describe, expect, it } from '@jest/globals';
import { AppError } from '#src/kernel/index.js';
import { ALL, ask, QUESTION } from '../../../test/support/cached-asking.ts';
import { modelWorld } from '../../../test/support/model-world.ts';
import { type ScriptedModel, textOf } from '../../../test/support/scripted-model.ts';
import { until } from '../../../test/support/until.ts';
import { UpstreamError } from '../upstream-error.js';

/** A gate that answers wait at. */
function held(model: ScriptedModel): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  model.gate = promise;
  return resolve;
}

describe('equal questions at the same time', () => {
  it('are asked once', async () => {
    const world = modelWorld(ALL);
    const open = held(world.model);
    const calls = Array.from({ length: 100 }, () => world.callOf());
    const answers = Promise.all(calls.map((call) => ask(world, QUESTION, call)));
    open();
    expect(new Set((await answers).map(textOf))).toEqual(new Set(['hello']));
    expect(world.model.seen).toHaveLength(1);
    expect(world.counts.outcomes).toMatchObject({ miss: 1, joined: 99 });
    expect(calls.filter(({ meter }) => meter.told.includes('end 3+5 scripted-1'))).toHaveLength(1);
  });

  it('are taken over by one of those who wait when the one who asks goes away', async () => {
    const world = modelWorld(ALL);
    held(world.model);
    const leaving = new AbortController();
    const first = ask(world, QUESTION, world.callOf('acme', leaving.signal));
    await until('the model is asked', () => world.model.seen.length === 1);
    const others = Promise.all(Array.from({ length: 5 }, () => ask(world)));
    const open = held(world.model);
    leaving.abort();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    open();
    expect((await others).map(textOf)).toEqual(Array.from({ length: 5 }, () => 'hello'));
    expect(world.model.seen).toHaveLength(2);
  });

  it('are taken over when the reader of the one who asks stops reading', async () => {
    const world = modelWorld(ALL);
    world.model.words = ['a', 'b'];
    const first = world.models.text(QUESTION, world.callOf())[Symbol.asyncIterator]();
    await first.next();
    const other = ask(world);
    await first.return?.();
    expect(textOf(await other)).toBe('ab');
    expect(world.model.seen).toHaveLength(2);
  });

  it('are taken over when the one who asks says nothing for too long, and are still asked once from then on', async () => {
    const world = modelWorld({ cache: { calls: 'all', patienceMs: 1_000 } });
    world.model.words = ['a', 'b'];
    const first = world.models.text(QUESTION, world.callOf())[Symbol.asyncIterator]();
    await first.next();
    const open = held(world.model);
    const second = ask(world);
    await world.clock.advance(1_000);
    await until('the model is asked again', () => world.model.seen.length === 2);
    await first.return?.();
    const third = ask(world);
    open();
    expect([textOf(await second), textOf(await third)]).toEqual(['ab', 'ab']);
    expect(world.model.seen).toHaveLength(2);
  });

  it('go on when one who waits goes away', async () => {
    const world = modelWorld(ALL);
    const open = held(world.model);
    const leaving = new AbortController();
    const first = ask(world);
    await until('the model is asked', () => world.model.seen.length === 1);
    const second = ask(world, QUESTION, world.callOf('acme', leaving.signal));
    leaving.abort();
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    open();
    expect(textOf(await first)).toBe('hello');
    expect(world.model.seen).toHaveLength(1);
  });

  it.each([
    ['unserved', 'UPSTREAM_FAILED'],
    ['rejected', 'BAD_INPUT'],
    ['limited', 'RATE_LIMITED'],
  ] as const)(
    'fail together after a second try: what is %s is not asked by each of them in turn',
    async (fault, code) => {
      const world = modelWorld(ALL);
      world.model.error = new UpstreamError(fault, 'It did not like it');
      world.model.words = [];
      const answers = await Promise.allSettled(Array.from({ length: 20 }, () => ask(world)));
      expect(new Set(answers.map((answer) => (answer.status === 'rejected' ? answer.reason.code : 'fine')))).toEqual(
        new Set([code]),
      );
      expect(world.model.seen).toHaveLength(2);
      world.model.error = undefined;
      world.model.words = ['well'];
      expect(textOf(await ask(world))).toBe('well');
    },
  );

  it('do not share what concerns one caller alone', async () => {
    const world = modelWorld(ALL);
    const poor = world.callOf();
    poor.meter.refusal = { error: new AppError('QUOTA_EXHAUSTED'), at: 'begin' };
    const [first, ...others] = await Promise.allSettled([ask(world, QUESTION, poor), ask(world), ask(world)]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'QUOTA_EXHAUSTED' } });
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(world.model.seen).toHaveLength(1);
  });
});
