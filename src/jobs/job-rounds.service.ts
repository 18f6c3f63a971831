import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, CONFIG, type Config, type Stop } from '#src/kernel/index.js';
import { roundMs } from './job.policy.js';
import { JobRows } from './job-rows.service.js';
import { Jobs } from './jobs.service.js';

/** Looks for jobs that nobody holds, as often as the role of this process asks for. It is all the polling there is. */
@Injectable()
export class JobRounds implements OnApplicationBootstrap, OnModuleDestroy {
  private stop: Stop | undefined;

  constructor(
    private readonly jobs: Jobs,
    private readonly rows: JobRows,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'ROLE'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const everyMs = roundMs(this.config.ROLE);
    if (everyMs === undefined) return;
    this.stop = this.clock.every(everyMs, () => void this.jobs.look());
    await this.rows.releaseAll().catch(() => undefined);
    void this.jobs.look();
  }

  onModuleDestroy(): void {
    this.stop?.();
  }
}
