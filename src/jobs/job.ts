/** Work for somebody; what it is about is found under its id. */
export interface NewJob {
  readonly id: string;
  readonly kind: string;
  readonly tenantId: string;
  readonly principalId: string;
}

/** A job that is taken up: its process is gone, or failed at it. */
export interface Job extends NewJob {
  /** How often it was begun, with this time. */
  readonly attempts: number;
}

/** `left`: given back unfinished, for another process to take at once. */
export type JobEnd = 'done' | 'left';

/** What knows how a kind of job is done. */
export interface JobHandler {
  /** Resolves when it is done, also when somebody else did it; rejects when it is to be tried again. Safe to repeat. */
  run(job: Job): Promise<JobEnd>;
  /** Says for good that it failed, where whoever waits for it looks. Safe to repeat. */
  giveUp(job: Job): Promise<void>;
}
