import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type JobEnd, Jobs, type NewJob } from '#src/jobs/index.js';
import { CONFIG, type Config, Drain } from '#src/kernel/index.js';
import type { StreamOwner, Streams, StreamWriter } from '#src/streaming/index.js';
import type { ResponseView } from './response.schema.js';
import type { Tell } from './response-run.js';
import { ResponseStore } from './response-store.service.js';
import type { StoredResponse } from './stored-response.js';

/** A kind of run, of job and of log. */
export const BACKGROUND = 'background-response';

type Opened = Awaited<ReturnType<Streams['open']>>;

/**
 * The responses of the background of this process. As long as nothing of one was told, another process can make it as well:
 * it is left to one when this process is asked to stop, or does no such work at all.
 */
@Injectable()
export class BackgroundRuns implements OnModuleInit {
  /** How each is left, by its id. */
  private readonly untold = new Map<string, () => void>();

  constructor(
    private readonly jobs: Jobs,
    private readonly store: ResponseStore,
    private readonly drain: Drain,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.drain.onDrain('background', () => {
      for (const leave of this.untold.values()) leave();
    });
  }

  /** Keeps a response together with the job that takes it up should this process not make it. */
  async accept(stored: StoredResponse, opened: Opened): Promise<void> {
    const job: NewJob = { id: stored.answer.id, kind: BACKGROUND, ...stored.owner };
    const does = this.config.ROLE === 'api' ? 'leaves' : 'begins';
    await this.store.add(stored, (tx) => this.jobs.add(tx, job, does));
    void this.jobs.keep(job, this.made(job.id, opened));
    if (does === 'leaves') opened.leave();
  }

  /** Waits until a run is over, or is left. */
  async made(id: string, { over, leave }: Opened): Promise<JobEnd> {
    this.untold.set(id, leave);
    if (this.drain.draining) leave();
    const end = await over;
    this.untold.delete(id);
    return end === 'left' ? 'left' : 'done';
  }

  /** Before the first word is told it is noted that one was: from then on the response cannot be made again. */
  telling(owner: StreamOwner, begun: ResponseView, { signal }: StreamWriter, tell: Tell): Tell {
    let noted: Promise<void> | undefined;
    const note = (): Promise<void> => {
      signal.throwIfAborted();
      this.untold.delete(begun.id);
      return this.store.noteTold(owner, begun, signal);
    };
    return async (event) => {
      noted ??= note();
      await noted;
      await tell(event);
    };
  }
}
