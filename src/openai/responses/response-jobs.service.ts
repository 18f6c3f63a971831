import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Job, type JobEnd, type JobHandler, Jobs } from '#src/jobs/index.js';
import { AppError, isUnavailable } from '#src/kernel/index.js';
import { BACKGROUND } from './background-runs.service.js';
import { isOver } from './response-state.policy.js';
import { ResponseStore } from './response-store.service.js';
import { ResponseStreams } from './response-streams.service.js';
import { Responses } from './responses.service.js';
import type { StoredResponse } from './stored-response.js';

const BROKEN_OFF =
  'The process that made this response ended. Part of it had been told, so it was not begun again; the model may have been paid for that part';

/** Takes up responses of the background whose process died. */
@Injectable()
export class ResponseJobs implements JobHandler, OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly store: ResponseStore,
    private readonly running: ResponseStreams,
    private readonly responses: Responses,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(BACKGROUND, this);
  }

  /** One of which nothing was told yet is made again; the others have failed, and say so. */
  async run(job: Job): Promise<JobEnd> {
    const stored = await this.unfinished(job);
    if (stored === undefined) return 'done';
    try {
      if (!stored.told) return await this.running.again(stored, job.attempts);
      await this.responses.fail(stored, new AppError('INTERNAL', BROKEN_OFF));
    } catch (error) {
      if (stored.told || isUnavailable(error) || !(error instanceof AppError)) throw error;
      await this.responses.fail(stored, error);
    }
    return 'done';
  }

  async giveUp(job: Job): Promise<void> {
    const stored = await this.unfinished(job);
    if (stored !== undefined)
      await this.responses.fail(stored, new AppError('INTERNAL', 'This response was begun too often'));
  }

  /** `undefined` when there is nothing left to do: it was deleted, or is over. */
  private async unfinished({ id, tenantId, principalId }: Job): Promise<StoredResponse | undefined> {
    const owner = { tenantId, principalId };
    const [stored] = await this.store.findAll(owner, [id]);
    if (stored === undefined || isOver(stored.answer)) return undefined;
    const now = await this.responses.read(owner, id);
    if (!isOver(now)) return stored;
    await this.store.save(owner, now);
    return undefined;
  }
}
