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
  /** Somebody else waits for the answer. */
  joined = false;
  /** The answer is made; what is left is to record it. */
  answered = false;
  /** The answer is on its way to the store: a renewal could overtake it and overwrite it. */
  beingRecorded = false;
  private readonly made = Promise.withResolvers<Answer>();

  /** @param startedAt Unix ms */
  constructor(
    readonly recording: Recording,
    readonly startedAt: number,
  ) {
    this.id = recording.held.name.id;
    this.fingerprint = recording.held.name.fingerprint;
  }

  /** The answer, once it is recorded or could not be. */
  join(): Promise<Answer> {
    this.joined = true;
    return this.made.promise;
  }

  tell(answer: Answer): void {
    this.made.resolve(answer);
  }
}
