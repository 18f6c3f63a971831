import { Injectable, type OnModuleInit } from '@nestjs/common';
import { dialectOf } from './log-dialects.policy.js';
import { Orphans, producerGone } from './orphans.service.js';
import { Presence } from './presence.service.js';
import { Runs } from './runs.service.js';
import type { RunRow } from './runs.table.js';
import { BEHIND_ALL, logKey, StreamStore } from './stream-store.service.js';
import { readEnd } from './terminal-event.js';

const LOST = { status: 'failed', problem: 'INTERNAL' } as const;
const ROWS_AT_ONCE = 100;
/** A process is not missed before its runs are this old: it may just have lost sight of the shared store, ms. */
const GRACE_MS = 120_000;
/** Far longer than a job waits for somebody to do it, ms. */
const JOB_GRACE_MS = 900_000;

/** Fails the runs whose process is gone, so that no run is "running" for ever. */
@Injectable()
export class RunSweeper implements OnModuleInit {
  constructor(
    private readonly runs: Runs,
    private readonly presence: Presence,
    private readonly orphans: Orphans,
    private readonly store: StreamStore,
  ) {}

  onModuleInit(): void {
    this.presence.onBeat(() => this.sweep());
  }

  async sweep(): Promise<void> {
    for (const instance of await this.runs.instances()) {
      const before = await this.deadBefore(instance);
      if (before === undefined) continue;
      for (const row of await this.runs.leftBy(instance, before, ROWS_AT_ONCE)) await this.end(row);
    }
  }

  /** Runs of the instance that began before this instant (Unix ms) have lost their process; `undefined`: none have. */
  private async deadBefore(instance: string): Promise<number | undefined> {
    // Whoever had our name, or an embedded database, before us is not there any more.
    if (instance === this.runs.instance || this.runs.alone) return this.runs.startedAt;
    return (await this.presence.gone(instance)) ? this.runs.now() - GRACE_MS : undefined;
  }

  private async end(row: RunRow): Promise<void> {
    // Its job takes it up, or ends it; one this old has none.
    if (dialectOf(row.kind).durable && this.runs.now() - row.createdAt.getTime() < JOB_GRACE_MS) return;
    if (row.streamId === null) return this.runs.close(row, LOST);
    const key = logKey(row.tenantId, row.streamId);
    const found = await this.store.find(key, BEHIND_ALL);
    if (found.state === 'unreachable') return;
    if (found.state === 'missing') return this.runs.close(row, LOST);
    const { head } = found.slice;
    // The stream ended, but its process died before the durable store could be told.
    if (head.final) return this.runs.close(row, await readEnd(found.hot, key, head));
    if (!head.held) await this.orphans.end(found.hot, key, producerGone());
  }
}
