import { Injectable } from '@nestjs/common';
import { Clock, waitFor } from '#src/kernel/index.js';
import type { Hot, HotKey } from '#src/storage/index.js';
import type { LogHeader } from './log-header.js';
import { StreamRunner } from './stream-runner.service.js';
import { StreamStore } from './stream-store.service.js';

/** A log, and the store it is in. */
export interface LogPlace {
  readonly hot: Hot;
  readonly key: HotKey;
}

const JOINED = Uint8Array.of(1);
const ABANDONED = Uint8Array.of(0);

/**
 * Stops runs that are for their readers alone once the caller who asked for them has left and nobody else came. Whether a
 * run was joined or abandoned is decided once, in the store of its log, for all processes.
 */
@Injectable()
export class Attendance {
  constructor(
    private readonly runner: StreamRunner,
    private readonly store: StreamStore,
    private readonly clock: Clock,
  ) {}

  /** Somebody besides the first caller reads. `false`: too late, the run was abandoned. */
  async join({ hot, key }: LogPlace): Promise<boolean> {
    if (await this.decide({ hot, key }, JOINED)) return true;
    return (await hot.get(decisionKey(key)))?.[0] !== ABANDONED[0];
  }

  /**
   * The first caller hung up.
   *
   * @param after number of the last event it was given: 0 when it may not even have seen the head of the answer
   */
  left(place: LogPlace, { attended, startedAt }: LogHeader, after: number): void {
    if (attended === undefined) return;
    const waitMs = waitFor(attended, this.clock.now() - startedAt);
    if (after > 0 || waitMs === 0) void this.abandon(place);
    else this.clock.after(waitMs, () => void this.abandon(place));
  }

  private async abandon(place: LogPlace): Promise<void> {
    // Without the store nobody can join from elsewhere.
    const abandoned = await this.decide(place, ABANDONED).catch(() => true);
    if (abandoned) this.runner.find(place.key.id)?.cancel();
  }

  private decide({ hot, key }: LogPlace, decision: Uint8Array): Promise<boolean> {
    return hot.setIfAbsent(decisionKey(key), decision, this.store.terms.ttlMs);
  }
}

const decisionKey = ({ tenant, id }: HotKey): HotKey => ({ tenant, area: 'presence', id: `readers/${id}` });
