import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, Log, type Stop } from '#src/kernel/index.js';
import { Hot, type HotKey } from '#src/storage/index.js';

const BEAT_MS = 5_000;
/** Three beats may be missed. */
const PRESENT_MS = 20_000;
const GONE_MS = 1;
/** Belongs to no tenant. */
const GROUP: HotKey = { tenant: 'instances', area: 'presence', id: 'quota' };

/** How many processes share the limits, as far as this one heard. */
@Injectable()
export class Instances implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly own = randomUUID();
  private known = 1;
  private before = 1;
  private stopBeating: Stop | undefined;

  constructor(
    private readonly hot: Hot,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * The larger of the last two counts before the shared store was lost: one that comes back empty has forgotten
   * everybody who did not say since that it is here. 1 when there never was a store.
   */
  get count(): number {
    return Math.max(this.known, this.before);
  }

  onApplicationBootstrap(): Promise<void> {
    this.stopBeating = this.clock.every(BEAT_MS, () => void this.beat());
    return this.beat();
  }

  /** Leaves its share to the others. */
  async onModuleDestroy(): Promise<void> {
    this.stopBeating?.();
    await this.beat(GONE_MS);
  }

  private async beat(presentMs = PRESENT_MS): Promise<void> {
    try {
      const count = await this.hot.attend(GROUP, this.own, presentMs);
      this.before = this.known;
      this.known = count;
    } catch (cause) {
      this.log.debug({ cause }, 'quota.instances_unknown');
    }
  }
}
