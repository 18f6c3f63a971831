import type { KeyObject } from 'node:crypto';
import type { Answer } from './answer.policy.js';
import type { Held, Records } from './records.port.js';

/** Where and under what an execution is recorded. */
export interface Recording {
  readonly held: Held;
  readonly records: Records;
  /** What its answer is encrypted under. */
  readonly sealingKey: KeyObject;
}

/** One request that is being answered in this process, and that others may wait for. */
export class Execution {
  readonly id: string;
  readonly fingerprint: string;
  /** The answer is made; what is left is to record it. */
  answered = false;
  /** The answer is on its way to the store: a renewal could overtake it and overwrite it. */
  beingRecorded = false;
  private readonly made = Promise.withResolvers<Answer>();
  private waiting = 0;
  private waitedFor = false;

  /** @param startedAt Unix ms */
  constructor(
    readonly recording: Recording,
    readonly startedAt: number,
  ) {
    this.id = recording.held.name.id;
    this.fingerprint = recording.held.name.fingerprint;
  }

  /** The answer, once it is recorded or could not be. Who does not wait for it any more says so with {@link part}. */
  join(): Promise<Answer> {
    this.waiting += 1;
    this.waitedFor = true;
    return this.made.promise;
  }

  part(): void {
    this.waiting -= 1;
  }

  /** Whether anybody else in this process waits for the answer, or did since this was last asked. */
  wasWaitedFor(): boolean {
    const was = this.waitedFor;
    this.waitedFor = this.waiting > 0;
    return was;
  }

  tell(answer: Answer): void {
    this.made.resolve(answer);
  }
}
