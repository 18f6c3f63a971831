import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, isUnavailable, Log, type Stop } from '#src/kernel/index.js';
import { Hot, type HotKey } from '#src/storage/index.js';
import { Runs } from './runs.service.js';

const BEAT_MS = 10_000;
/** Three beats may be missed. */
const PRESENCE_MS = 40_000;
const PRESENT = Uint8Array.of(1);

/** Belongs to no tenant: which processes there are. */
const presenceKey = (instance: string): HotKey => ({ tenant: 'instances', area: 'presence', id: instance });

/** Says in the shared store that this process lives, and knows whether others do. */
@Injectable()
export class Presence implements OnApplicationBootstrap, OnModuleDestroy {
  private stopBeating: Stop | undefined;
  private task: () => Promise<void> = async () => undefined;

  constructor(
    private readonly hot: Hot,
    private readonly runs: Runs,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** What to do after every beat, once the service has started. */
  onBeat(task: () => Promise<void>): void {
    this.task = task;
  }

  onApplicationBootstrap(): void {
    this.stopBeating = this.clock.every(BEAT_MS, () => void this.beat());
    void this.beat();
  }

  onModuleDestroy(): void {
    this.stopBeating?.();
    this.stopBeating = undefined;
  }

  /** Whether a process is known to be gone. Without a shared store nothing is known of others. */
  async gone(instance: string): Promise<boolean> {
    if (this.hot.kind === 'memory') return false;
    return (await this.hot.get(presenceKey(instance))) === undefined;
  }

  private async beat(): Promise<void> {
    try {
      await this.hot.set(presenceKey(this.runs.instance), PRESENT, PRESENCE_MS);
      await this.task();
    } catch (cause) {
      if (!isUnavailable(cause) && this.stopBeating !== undefined) this.log.error({ cause }, 'runs.unswept');
    }
  }
}
