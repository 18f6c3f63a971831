import { describe, expect, it } from '@jest/globals';
import { AppError, loadConfig, UuidIds } from '#src/kernel/index.js';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { FaultyHot } from '../../test/support/faulty-hot.ts';
import { QuietLog } from '../../test/support/quiet-log.ts';
import { open } from '../../test/support/stream-script.ts';
import { NoSql, StreamWorld } from '../../test/support/stream-world.ts';
import { Presence } from './presence.service.js';
import { RunSweeper } from './run-sweeper.service.js';
import { Runs } from './runs.service.js';
import type { RunRow } from './runs.table.js';
import type { RunEnd } from './stream-end.policy.js';
import { StreamStore } from './stream-store.service.js';

const config = loadConfig({ NODE_ENV: 'test', PORT: '3101' }, () => undefined);
const MINUTE = 60_000;

/** Runs in a list. */
class ListedRuns extends Runs {
  readonly rows: RunRow[] = [];

  constructor(
    clock: FakeClock,
    override readonly instance: string,
  ) {
    super(config, new NoSql(), clock);
  }

  override async instances(): Promise<readonly string[]> {
    return [...new Set(this.rows.filter(({ status }) => status === 'running').map(({ instance }) => instance))];
  }

  override async leftBy(instance: string, before: number): Promise<RunRow[]> {
    return this.rows.filter((row) => row.instance === instance && row.createdAt.getTime() < before);
  }

  override async close(row: RunRow, { status, problem, usage }: RunEnd): Promise<void> {
    this.rows.splice(this.rows.indexOf(row), 1, { ...row, status, problem: problem ?? null, usage: usage ?? null });
  }

  add(id: string, instance: string, streamId: string | null, ageMs: number): void {
    const createdAt = new Date(this.now() - ageMs);
    const rest = {
      tenantId: 'acme',
      principalId: 'key_1',
      kind: 'test',
      requestSha256: '',
      result: null,
      problem: null,
    };
    this.rows.push({ ...rest, id, status: 'running', streamId, usage: null, instance, createdAt, finishedAt: null });
  }

  get states(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.rows.map(({ id, status }) => [id, status]));
  }
}

/** One process that sweeps, beside a world of streams. */
function sweeping(world: StreamWorld, name: string) {
  const hot = new FaultyHot(world.hot);
  const runs = new ListedRuns(world.clock, name);
  const presence = new Presence(hot, runs, world.clock, new QuietLog());
  const store = new StreamStore(hot, world.hot, new UuidIds(world.clock), config);
  const sweeper = new RunSweeper(runs, presence, world.instance().hub.orphans, store);
  sweeper.onModuleInit();
  return { hot, runs, presence };
}

describe('sweeping', () => {
  it('fails what a process of the same name left behind, with a stream or without', async () => {
    const world = new StreamWorld();
    const { runs, presence } = sweeping(world, 'me');
    runs.add('json', 'me', null, 1);
    runs.add('lost', 'me', 'strm_lost', 1);
    presence.onApplicationBootstrap();
    await world.settle();
    expect(runs.states).toEqual({ json: 'failed', lost: 'failed' });
  });

  it('leaves the runs of a process alone that lives', async () => {
    const world = new StreamWorld();
    const other = sweeping(world, 'other');
    other.presence.onApplicationBootstrap();
    const { runs, presence } = sweeping(world, 'me');
    runs.add('theirs', 'other', null, 10 * MINUTE);
    presence.onApplicationBootstrap();
    await world.clock.advance(10 * MINUTE);
    expect(runs.states).toEqual({ theirs: 'running' });
  });

  it('fails the runs of a process that is gone, after a time of grace', async () => {
    const world = new StreamWorld();
    const { runs, presence } = sweeping(world, 'me');
    runs.add('theirs', 'gone', null, 0);
    presence.onApplicationBootstrap();
    await world.clock.advance(MINUTE);
    expect(runs.states).toEqual({ theirs: 'running' });
    await world.clock.advance(2 * MINUTE);
    expect(runs.states).toEqual({ theirs: 'failed' });
  });

  it('judges nobody while the shared store does not answer', async () => {
    const world = new StreamWorld();
    const { hot, runs, presence } = sweeping(world, 'me');
    runs.add('theirs', 'gone', null, 10 * MINUTE);
    hot.down = true;
    presence.onApplicationBootstrap();
    await world.clock.advance(10 * MINUTE);
    expect(runs.states).toEqual({ theirs: 'running' });
  });

  it('believes a stream that ended although its process could not record it', async () => {
    const world = new StreamWorld();
    const [good, bad] = [await open(world, world.instance()), await open(world, world.instance())];
    good.complete({ answer: 1, usage: { total_tokens: 7 } });
    bad.fail(new AppError('UPSTREAM_TIMEOUT'));
    await world.clock.advance(100);
    const { runs, presence } = sweeping(world, 'me');
    runs.add('good', 'me', good.streamId, 1);
    runs.add('bad', 'me', bad.streamId, 1);
    presence.onApplicationBootstrap();
    await world.settle();
    expect(runs.rows.map(({ id, status, problem, usage }) => [id, status, problem, usage])).toEqual([
      ['good', 'completed', null, { total_tokens: 7 }],
      ['bad', 'failed', 'UPSTREAM_TIMEOUT', null],
    ]);
  });

  it('ends the stream of a dead process, and spares one that is still held', async () => {
    const world = new StreamWorld();
    const doomed = world.instance();
    const [orphan, held] = [await open(world, doomed), await open(world, world.instance())];
    doomed.kill();
    await world.clock.advance(6_000);
    const { runs, presence } = sweeping(world, 'me');
    runs.add('orphan', 'me', orphan.streamId, 1);
    runs.add('held', 'me', held.streamId, 1);
    presence.onApplicationBootstrap();
    await world.settle();
    expect(world.record.ended.get(orphan.streamId)?.end.status).toBe('failed');
    expect(world.record.ended.has(held.streamId)).toBe(false);
    expect(held.writer.signal.aborted).toBe(false);
  });
});
