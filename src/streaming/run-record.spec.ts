import { describe, expect, it } from '@jest/globals';
import { AppError, createLog, loadConfig } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { RunRecord } from './run-record.service.js';
import { type NewRun, Runs } from './runs.service.js';
import type { RunEnd } from './stream-end.policy.js';

const run: NewRun = { id: 'run_1', owner: { tenantId: 'acme', principalId: 'key_1' }, kind: 'draft-graph' };
const gone = () => new AppError('DEPENDENCY_UNAVAILABLE', 'No database');

/** A database that goes away after a number of transactions; its transactions do nothing. */
class FailingSql extends Sql {
  readonly kind = 'pglite';

  constructor(public left: number) {
    super();
  }

  async tenant<T>(_tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    this.spend();
    return work({} as Tx);
  }

  spend(): void {
    this.left -= 1;
    if (this.left < 0) throw gone();
  }

  system = <T>(): Promise<T> => Promise.reject(gone());
  ping = (): Promise<number> => Promise.reject(gone());
  close = async (): Promise<void> => undefined;
}

/** Remembers what it is told, in order. */
class RememberedRuns extends Runs {
  readonly told: (NewRun | RunEnd)[] = [];

  constructor(
    private readonly failing: FailingSql,
    clock: FakeClock,
  ) {
    const config = loadConfig({}, () => undefined);
    super(config, failing, clock);
  }

  override async begin(started: NewRun): Promise<void> {
    this.failing.spend();
    this.told.push(started);
  }

  override async settle(_tx: Tx, _run: NewRun, end: RunEnd): Promise<boolean> {
    this.told.push(end);
    return true;
  }
}

function recordWith(transactions: number) {
  const sql = new FailingSql(transactions);
  const clock = new FakeClock();
  const runs = new RememberedRuns(sql, clock);
  const lines: string[] = [];
  const log = createLog({ level: 'warn', version: 'test', destination: { write: (line) => void lines.push(line) } });
  return { record: new RunRecord(runs, sql, clock, log), told: runs.told, lines, clock, sql };
}

const result = { usage: { total_tokens: 3 }, graph: {} };
const outcomeOf = (answer: typeof result) => ({
  end: { status: 'completed', result: answer, usage: answer.usage } as const,
});

describe('a recorded run', () => {
  it('is begun before the work and settled before its result is handed on', async () => {
    const { record, told } = recordWith(2);
    let toldBefore = 0;
    const answer = await record.during(
      run,
      async () => {
        toldBefore = told.length;
        return result;
      },
      outcomeOf,
    );
    expect([answer, toldBefore]).toEqual([result, 1]);
    expect(told).toEqual([run, { status: 'completed', result, usage: result.usage }]);
  });

  it('does no work when it cannot be recorded', async () => {
    let worked = false;
    const { record } = recordWith(0);
    const attempt = record.during(
      run,
      async () => {
        worked = true;
        return result;
      },
      outcomeOf,
    );
    await expect(attempt).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    expect(worked).toBe(false);
  });

  it('hands nothing on that it could not record, and is failed as soon as it can be', async () => {
    const { record, told, clock, sql } = recordWith(1);
    await expect(record.during(run, async () => result, outcomeOf)).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
    });
    await clock.advance(10_000);
    expect(told).toEqual([run]);
    sql.left = 1;
    await clock.advance(30_000);
    expect(told.at(-1)).toEqual({ status: 'failed', problem: 'DEPENDENCY_UNAVAILABLE', usage: result.usage });
  });

  it.each([
    ['cancelled', new AppError('CANCELLED'), { status: 'cancelled', problem: 'CANCELLED' }],
    ['failed upstream', new AppError('UPSTREAM_FAILED'), { status: 'failed', problem: 'UPSTREAM_FAILED' }],
    ['broken', new TypeError('x is not a function'), { status: 'failed', problem: 'INTERNAL' }],
  ])('that was %s says so, and the caller hears the cause', async (_what, failure, end) => {
    const { record, told } = recordWith(2);
    await expect(record.during(run, () => Promise.reject(failure), outcomeOf)).rejects.toBe(failure);
    expect(told.at(-1)).toEqual(end);
  });

  it('that failed while the database was gone still tells its own failure, and is recorded later', async () => {
    const { record, told, clock, sql } = recordWith(1);
    const failure = new AppError('UPSTREAM_FAILED');
    await expect(record.during(run, () => Promise.reject(failure), outcomeOf)).rejects.toBe(failure);
    sql.left = 1;
    await clock.advance(2_000);
    expect(told.at(-1)).toEqual({ status: 'failed', problem: 'UPSTREAM_FAILED' });
  });

  it('that can never be recorded is logged in the end', async () => {
    const { record, lines, clock } = recordWith(1);
    await expect(record.during(run, async () => result, outcomeOf)).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
    });
    await clock.advance(700_000);
    expect(lines.join('')).toContain('run.not_settled');
  });
});
