import { setTimeout as delay } from 'node:timers/promises';
import type { Kind, Observed } from './observed.ts';
import { SERVERS, type World } from './world.ts';

/** Does one thing at one server and tells what was seen; tells nothing when there is nothing to do it to. */
export type Job = (server: number, turn: number) => Promise<readonly Observed[]>;

/** A job, and the pause of each of its workers, ms. */
export interface Steady {
  readonly job: Job;
  readonly pauseMs: number;
}

/** A load that goes on, whatever happens, until it is told to end. */
export class Load {
  readonly observed: Observed[] = [];
  private readonly workers: readonly Promise<void>[];
  private going = true;

  constructor(world: World, jobs: readonly Steady[]) {
    this.workers = jobs.flatMap((steady) => world.servers.map((_, server) => this.work(steady, server)));
  }

  /** How many requests of a kind began and ended in this stretch, at the server where there were least. */
  count(kind: Kind, from: number): number {
    const since = this.observed.filter((each) => each.kind === kind && each.took.from >= from);
    const at = (server: number): number => since.filter((each) => each.server === server).length;
    return Math.min(...Array.from({ length: SERVERS }, (_, server) => at(server)));
  }

  /** Lets what is under way come to its end. */
  async end(): Promise<void> {
    this.going = false;
    await Promise.all(this.workers);
  }

  private async work({ job, pauseMs }: Steady, server: number): Promise<void> {
    for (let turn = server; this.going; turn += SERVERS) {
      this.observed.push(...(await job(server, turn)));
      await delay(pauseMs);
    }
  }
}
