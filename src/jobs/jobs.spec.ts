import { describe, expect, it } from '@jest/globals';
import { Drain, SystemClock } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { QuietLog } from '../../test/support/quiet-log.ts';
import type { Job, NewJob } from './job.js';
import { backOffMs, judgeJob, LEASE_MS, MOST_ATTEMPTS } from './job.policy.js';
import { JobRows } from './job-rows.service.js';
import { Jobs } from './jobs.service.js';

interface Row extends Job {
  holder: string;
  leaseUntil: number;
}

/** A database that nobody asks. */
class NoSql extends Sql {
  readonly kind = 'postgres';
  tenant = <T>(): Promise<T> => Promise.reject(new Error('not asked'));
  system = <T>(): Promise<T> => Promise.reject(new Error('not asked'));
  ping = async (): Promise<number> => 0;
  close = async (): Promise<void> => undefined;
}

/** The rows of all processes of a test. */
class SharedRows extends JobRows {
  constructor(
    private readonly name: string,
    private readonly time: FakeClock,
    private readonly rows: Map<string, Row>,
  ) {
    super(new NoSql(), new SystemClock());
  }

  override async add(_tx: Tx, job: NewJob): Promise<void> {
    this.rows.set(job.id, { ...job, attempts: 1, holder: this.name, leaseUntil: this.time.now() + LEASE_MS });
  }

  override async takeDue(kinds: readonly string[]): Promise<Job[]> {
    const due = [...this.rows.values()].filter((row) => kinds.includes(row.kind) && row.leaseUntil < this.time.now());
    const taken = due.map((row) => ({
      ...row,
      attempts: row.attempts + 1,
      holder: this.name,
      leaseUntil: this.time.now() + LEASE_MS,
    }));
    for (const row of taken) this.rows.set(row.id, row);
    return taken;
  }

  override async renew(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const row = this.rows.get(id);
      if (row?.holder === this.name) row.leaseUntil = this.time.now() + LEASE_MS;
    }
  }

  override async putBack({ id }: NewJob, waitMs: number): Promise<void> {
    const row = this.rows.get(id);
    if (row?.holder === this.name) row.leaseUntil = this.time.now() + waitMs;
  }

  override async remove({ id }: NewJob): Promise<void> {
    this.rows.delete(id);
  }

  override async releaseAll(): Promise<void> {}
}

const job: NewJob = { id: 'resp_1', kind: 'test', tenantId: 'acme', principalId: 'key_1' };
const forEver = (): Promise<void> => new Promise(() => undefined);

function world() {
  const clock = new FakeClock();
  const rows = new Map<string, Row>();
  const process = async (name: string, run: (job: Job) => Promise<void>) => {
    const own = new SharedRows(name, clock, rows);
    const jobs = new Jobs(own, clock, new Drain(), new QuietLog());
    const givenUp: Job[] = [];
    jobs.handle('test', { run, giveUp: async (given) => void givenUp.push(given) });
    await jobs.onApplicationBootstrap();
    return {
      jobs,
      givenUp,
      accept: (work: Promise<void>) => own.add({} as Tx, job).then(() => void jobs.keep(job, work)),
    };
  };
  return { clock, rows, process };
}

describe('a job', () => {
  it('is not taken from a process that works at it, however long', async () => {
    const { clock, process } = world();
    const first = await process('first', forEver);
    const taken: Job[] = [];
    await process('second', async (given) => void taken.push(given));
    await first.accept(forEver());
    await clock.advance(10 * LEASE_MS);
    expect(taken).toEqual([]);
  });

  it('is gone once its work is over', async () => {
    const { clock, rows, process } = world();
    const first = await process('first', forEver);
    await first.accept(Promise.resolve());
    await clock.advance(0);
    expect(rows.size).toBe(0);
  });

  it('of a process that died is taken up by another one, once, and is gone when that has done it', async () => {
    const { clock, rows, process } = world();
    const first = await process('first', forEver);
    const taken: Job[] = [];
    await process('second', async (given) => void taken.push(given));
    await first.accept(forEver());
    first.jobs.onModuleDestroy();
    await clock.advance(3 * LEASE_MS);
    expect(taken).toMatchObject([{ id: 'resp_1', attempts: 2 }]);
    expect(rows.size).toBe(0);
  });

  it('that fails is tried again after longer and longer waits, and given up in the end', async () => {
    const { clock, rows, process } = world();
    const tried: number[] = [];
    const doomed = await process('first', forEver);
    const second = await process('second', async ({ attempts }) => {
      tried.push(attempts);
      throw new Error('not yet');
    });
    await doomed.accept(forEver());
    doomed.jobs.onModuleDestroy();
    await clock.advance(600_000);
    expect(tried).toEqual([2, 3, 4, 5]);
    expect(second.givenUp).toMatchObject([{ attempts: MOST_ATTEMPTS + 1 }]);
    expect(rows.size).toBe(0);
  });

  it('waits twice as long after each failure, at most a minute', () => {
    expect([1, 2, 3, 10].map(backOffMs)).toEqual([2_000, 4_000, 8_000, 60_000]);
    expect([MOST_ATTEMPTS, MOST_ATTEMPTS + 1].map(judgeJob)).toEqual(['run', 'give_up']);
  });
});
