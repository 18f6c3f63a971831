import { createSecretKey } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { QuietLog } from '../../test/support/quiet-log.ts';
import { LEASE_MS } from './claim.policy.js';
import type { Execution } from './execution.js';
import { Executions } from './executions.service.js';
import { type Claimed, type Held, Records } from './records.port.js';

/** A store whose answers the test gives; it tells what it was asked. */
class SlowRecords extends Records {
  readonly maxBodyBytes = 1_024;
  protected readonly remembersUnkept = true;
  readonly asked: string[] = [];
  private readonly answers: PromiseWithResolvers<void>[] = [];

  answer(): void {
    this.answers.shift()?.resolve();
  }

  claim = async (): Promise<Claimed> => ({ state: 'mine' });
  keep = (): Promise<void> => this.ask('keep');
  free = (): Promise<void> => this.ask('free');
  renew = (held: readonly Held[]): Promise<void> => this.ask(`renew ${held.length}`);

  private ask(what: string): Promise<void> {
    this.asked.push(what);
    const answer = Promise.withResolvers<void>();
    this.answers.push(answer);
    return answer.promise;
  }
}

const ANSWER = { status: 200, headers: {}, body: Buffer.from('{}'), streamId: undefined };
const held: Held = { name: { tenantId: 'acme', id: 'a', fingerprint: 'f' }, holder: 'h' };

let clock: FakeClock;
let records: SlowRecords;
let executions: Executions;
let execution: Execution;

beforeEach(() => {
  clock = new FakeClock();
  records = new SlowRecords();
  executions = new Executions(clock, new QuietLog());
  executions.onModuleInit();
  execution = executions.begin({ held, records, sealingKey: createSecretKey(Buffer.alloc(32)) });
});

describe('an answer and the lease of its request', () => {
  it('an answer waits for the renewal that is under way, which would overwrite it', async () => {
    await clock.advance(LEASE_MS / 3);
    const finished = executions.finish(execution, ANSWER);
    await clock.advance(0);
    expect(records.asked).toEqual(['renew 1']);
    records.answer();
    await clock.advance(0);
    expect(records.asked).toEqual(['renew 1', 'keep']);
    records.answer();
    await finished;
  });

  it('no lease is renewed while its answer is on its way', async () => {
    const finished = executions.finish(execution, ANSWER);
    await clock.advance(LEASE_MS);
    expect(records.asked).toEqual(['keep']);
    records.answer();
    await finished;
    expect(executions.find('a')).toBeUndefined();
  });
});
