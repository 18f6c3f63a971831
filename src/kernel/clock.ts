import { setTimeout as delay } from 'node:timers/promises';

/** Stops what it belongs to. Calling it twice is harmless. */
export type Stop = () => void;

/** Time as services see it; tests advance their own. */
export abstract class Clock {
  /** Unix time in milliseconds. */
  abstract now(): number;

  /** Runs a task once, after `ms`; never keeps the process alive by itself. */
  abstract after(ms: number, task: () => void): Stop;

  /** Runs a task every `ms` until stopped. */
  abstract every(ms: number, task: () => void): Stop;

  /** Resolves after `ms`, or at once when the signal aborts. */
  abstract sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  after(ms: number, task: () => void): Stop {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  }

  every(ms: number, task: () => void): Stop {
    const timer = setInterval(task, ms).unref();
    return () => clearInterval(timer);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}
