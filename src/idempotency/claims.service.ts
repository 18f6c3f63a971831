import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Answer } from './answer.policy.js';
import { type Attempt, type AttemptName, nameOf, sealingKeyOf } from './attempt.policy.js';
import type { Execution, Recording } from './execution.js';
import { Executions } from './executions.service.js';
import { type Arrival, KeyRecords, type Records, RetryRecords } from './records.port.js';
import { openAnswer, sealAnswer } from './sealed-answer.js';

/** What a request finds when it asks under its name. */
export type Finding =
  /** It is the one that runs. */
  | { readonly state: 'mine'; readonly execution: Execution }
  /** In this process. */
  | { readonly state: 'here'; readonly execution: Execution }
  | { readonly state: 'elsewhere' }
  | { readonly state: 'mismatch' }
  /** `forget` frees the name, unless somebody did so before. `answer` is `undefined` when it cannot be read. */
  | { readonly state: 'stored'; readonly answer: Answer | undefined; readonly forget: () => Promise<void> };

/** Finds out who runs a request: first in this process, then in the store. */
@Injectable()
export class Claims {
  constructor(
    private readonly executions: Executions,
    private readonly keyRecords: KeyRecords,
    private readonly retryRecords: RetryRecords,
  ) {}

  /** @throws {AppError} `DEPENDENCY_UNAVAILABLE` */
  async claim(attempt: Attempt): Promise<Finding> {
    const name = nameOf(attempt);
    const here = this.findHere(name);
    if (here !== undefined) return here;
    const recording = this.recordingOf(attempt, name, attempt.key === undefined ? this.retryRecords : this.keyRecords);
    const { held, records } = recording;
    const claimed = await records.claim(held);
    if (claimed.state === 'mine') return { state: 'mine', execution: this.executions.begin(recording) };
    if (claimed.state === 'running') return this.findHere(name) ?? { state: 'elsewhere' };
    if (claimed.state === 'mismatch') return claimed;
    const forget = () => records.free({ name, holder: claimed.holder });
    return { state: 'stored', answer: openAnswer(claimed.answer, recording), forget };
  }

  /** Lets others join a request that is under way and never claimed its name. */
  announce(attempt: Attempt): Execution {
    const recording = this.recordingOf(attempt, nameOf(attempt), this.retryRecords);
    // Without the store it can be joined in this process.
    void this.retryRecords.replace(recording.held, undefined).catch(() => undefined);
    return this.executions.begin(recording);
  }

  /** Keeps an answer for a retry that may come; one that would not last, or is too large, is forgotten, with those before it. */
  async remember(attempt: Attempt, answer: Answer, arrival: Arrival = 'in doubt'): Promise<void> {
    const recording = this.recordingOf(attempt, nameOf(attempt), this.retryRecords);
    const { held } = recording;
    const lasting = this.retryRecords.remembers(answer);
    await this.retryRecords.replace(held, lasting ? sealAnswer(answer, recording) : undefined, arrival);
    if (!lasting) await this.retryRecords.free(held);
  }

  /** A retry got its answer. */
  delivered(attempt: Attempt): Promise<void> {
    return this.retryRecords.delivered(nameOf(attempt));
  }

  /** Whether somebody waits for an answer that was not asked for by a key, here or, as far as is known, on another instance. */
  async isAwaited(execution: Execution): Promise<boolean> {
    if (execution.wasWaitedFor()) return true;
    return this.retryRecords.isAwaited(execution.recording.held.name).catch(() => false);
  }

  private findHere({ id, fingerprint }: AttemptName): Finding | undefined {
    const execution = this.executions.find(id);
    if (execution === undefined) return undefined;
    return execution.fingerprint === fingerprint ? { state: 'here', execution } : { state: 'mismatch' };
  }

  private recordingOf(attempt: Attempt, name: AttemptName, records: Records): Recording {
    return { held: { name, holder: randomUUID() }, records, sealingKey: sealingKeyOf(attempt) };
  }
}
