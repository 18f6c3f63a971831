import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError, CONFIG, type Config, Drain } from '#src/kernel/index.js';
import { StreamHub } from './stream-hub.service.js';
import { StreamRunner } from './stream-runner.service.js';

/** Shares of the shutdown time: runs finish, readers leave with a fresh token, runs finish still, what is left is ended. */
const FINISH = 0.4;
const LEAVE = 0.05;
const FINISH_UNSEEN = 0.3;
const END = 0.15;

/**
 * What happens to streams when the process is asked to stop: most runs simply finish. Readers of the others get a new resume
 * token and the end of their connection, while the run goes on; whatever runs at the very end is ended with an explicit error.
 */
@Injectable()
export class StreamHandover implements OnModuleInit {
  private readonly timeMs: number;

  constructor(
    private readonly drain: Drain,
    private readonly runner: StreamRunner,
    private readonly hub: StreamHub,
    @Inject(CONFIG) { SHUTDOWN_TIMEOUT }: Config,
  ) {
    this.timeMs = SHUTDOWN_TIMEOUT;
  }

  onModuleInit(): void {
    this.drain.onDrain('streams', () => this.leave());
  }

  private async leave(): Promise<void> {
    await this.runner.idle(this.timeMs * FINISH);
    await Promise.race([this.runner.handOver(), this.runner.idle(this.timeMs * LEAVE)]);
    this.hub.handOver();
    await this.runner.idle(this.timeMs * FINISH_UNSEEN);
    this.runner.abortAll(new AppError('NOT_READY', 'The service stopped before the run was finished'));
    await this.runner.idle(this.timeMs * END);
  }
}
