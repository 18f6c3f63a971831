import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock, Log, type Stop } from '#src/kernel/index.js';
import type { Answer } from './answer.policy.js';
import { LEASE_MS } from './claim.policy.js';
import { Execution, type Recording } from './execution.js';
import type { Held, Records } from './records.port.js';
import { sealAnswer } from './sealed-answer.js';

/** Two renewals may fail before a lease is lost. */
const RENEW_MS = LEASE_MS / 3;
/** A request that takes longer is not believed to end; its name becomes free again. */
const LONGEST_MS = 600_000;
const RECORD_AGAIN_MS = 1_000;

/** The requests of this process that others may wait for. One timer keeps all of their leases. */
@Injectable()
export class Executions implements OnModuleInit, OnModuleDestroy {
  private readonly running = new Map<string, Execution>();
  private stopRenewing: Stop | undefined;
  /** The renewal that is under way, or was last; never rejects. */
  private renewal: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.stopRenewing = this.clock.every(RENEW_MS, () => this.renew());
  }

  onModuleDestroy(): void {
    this.stopRenewing?.();
  }

  find(id: string): Execution | undefined {
    return this.running.get(id);
  }

  begin(recording: Recording): Execution {
    const execution = new Execution(recording, this.clock.now());
    this.running.set(execution.id, execution);
    return execution;
  }

  /** Nobody can join it any more. Its name becomes free when it ends, or its lease does. */
  leave(execution: Execution): void {
    if (this.running.get(execution.id) === execution) this.running.delete(execution.id);
  }

  /** Records the answer, before it is sent, and gives it to whoever waits. Never rejects: the answer is owed in any case. */
  async finish(execution: Execution, answer: Answer): Promise<void> {
    if (execution.answered) return;
    execution.answered = true;
    if (await this.recorded(execution, answer)) this.leave(execution);
    else void this.recordLater(execution, answer);
    execution.tell(answer);
  }

  private async recorded(execution: Execution, answer: Answer): Promise<boolean> {
    const { recording } = execution;
    const { held, records } = recording;
    execution.beingRecorded = true;
    await this.renewal;
    try {
      if (records.remembers(answer)) await records.keep(held, sealAnswer(answer, recording));
      else await records.free(held);
      return true;
    } catch {
      return false;
    } finally {
      execution.beingRecorded = false;
    }
  }

  /** The store is away, so nobody can run the request again either; until it is back this process knows the answer. */
  private async recordLater(execution: Execution, answer: Answer): Promise<void> {
    while (this.find(execution.id) === execution) {
      await this.clock.sleep(RECORD_AGAIN_MS);
      if (await this.recorded(execution, answer)) this.leave(execution);
    }
  }

  private renew(): void {
    const held = new Map<Records, Held[]>();
    for (const execution of this.running.values()) {
      if (this.clock.now() - execution.startedAt > LONGEST_MS) this.giveUp(execution);
      else if (!execution.beingRecorded) {
        const { records, held: name } = execution.recording;
        held.set(records, [...(held.get(records) ?? []), name]);
      }
    }
    // A renewal that fails is made up for by the next one.
    this.renewal = Promise.allSettled([...held].map(([records, theirs]) => records.renew(theirs)));
  }

  private giveUp(execution: Execution): void {
    this.leave(execution);
    this.log.warn({ record_id: execution.id, answered: execution.answered }, 'repeat.unrecorded');
  }
}
