import { describe, expect, it } from '@jest/globals';
import { Drain, SystemClock } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { QuietLog } from '../../test/support/quiet-log.ts';
import type { Job, JobEnd, NewJob } from './job.js';
import { backOffMs, judgeJob, LEASE_MS, MOST_ATTEMPTS } from './job.policy.js';
import { JobRounds } from './job-rounds.service.js';
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

  override async add(_tx: Tx, job: NewJob, attempts: number): Promise<void> {
    this.rows.set(job.id, { ...job, attempts, holder: this.name, leaseUntil: this.time.now() + LEASE_MS });
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
const forEver = (): Promise<JobEnd> => new Promise(() => undefined);

type Role = ConstructorParameters<typeof JobRounds>[3]['ROLE'];

/** Does what it is given, and keeps it. */
const doing =
  (taken: Job[]) =>
  async (given: Job): Promise<JobEnd> => {
    taken.push(given);
    return 'done';
  };

function world() {
  const clock = new FakeClock();
  const rows = new Map<string, Row>();
  const process = async (name: string, run: (job: Job) => Promise<JobEnd>, ROLE: Role = 'all') => {
    const own = new SharedRows(name, clock, rows);
    const jobs = new Jobs(own, clock, new Drain(), new QuietLog());
    const rounds = new JobRounds(jobs, own, clock, { ROLE });
    const givenUp: Job[] = [];
    jobs.handle('test', { run, giveUp: async (given) => void givenUp.push(given) });
    jobs.onModuleInit();
    await rounds.onApplicationBootstrap();
    return {
      givenUp,
      accept: (work: Promise<JobEnd>) => jobs.add({} as Tx, job, 'begins').then(() => void jobs.keep(job, work)),
      die: () => Promise.all([rounds.onModuleDestroy(), jobs.onModuleDestroy()]),
    };
  };
  return { clock, rows, process };
}

describe('a job', () => {
  it('is not taken from a process that works at it, however long', async () => {
    const { clock, process } = world();
    const first = await process('first', forEver);
    const taken: Job[] = [];
    await process('second', doing(taken));
    await first.accept(forEver());
    await clock.advance(10 * LEASE_MS);
    expect(taken).toEqual([]);
  });

  it('is gone once its work is over', async () => {
    const { clock, rows, process } = world();
    const first = await process('first', forEver);
    await first.accept(Promise.resolve('done'));
    await clock.advance(0);
    expect(rows.size).toBe(0);
  });

  it('of a process that died is taken up by another one, once, and is gone when that has done it', async () => {
    const { clock, rows, process } = world();
    const first = await process('first', forEver);
    const taken: Job[] = [];
    await process('second', doing(taken));
    await first.accept(forEver());
    await first.die();
    await clock.advance(3 * LEASE_MS);
    expect(taken).toMatchObject([{ id: 'resp_1', attempts: 2 }]);
    expect(rows.size).toBe(0);
  });

  it('that is left is taken up by another process at its next look, long before a lease runs out', async () => {
    const { clock, rows, process } = world();
    const first = await process('first', forEver, 'api');
    const taken: Job[] = [];
    await process('second', doing(taken), 'worker');
    const work = Promise.withResolvers<JobEnd>();
    await first.accept(work.promise);
    await clock.advance(LEASE_MS);
    expect(taken).toEqual([]);
    work.resolve('left');
    await clock.advance(1_000);
    expect(taken).toMatchObject([{ id: 'resp_1', attempts: 2 }]);
    expect(rows.size).toBe(0);
  });

  it('that nobody holds is not taken up by a process that only accepts', async () => {
    const { clock, rows, process } = world();
    const taken: Job[] = [];
    const first = await process('first', doing(taken), 'api');
    await first.accept(Promise.resolve('left'));
    await clock.advance(10 * LEASE_MS);
    expect([taken, rows.size]).toEqual([[], 1]);
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
    await doomed.die();
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
