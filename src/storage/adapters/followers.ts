import type { Log } from '#src/kernel/index.js';
import type { LogBatch, LogListener } from '../hot.port.js';

/** Who follows which log in this process. */
export class Followers {
  private readonly byLog = new Map<string, Set<{ readonly listener: LogListener }>>();

  constructor(private readonly log: Log) {}

  /** Names of the logs that somebody follows. */
  get followed(): Iterable<string> {
    return this.byLog.keys();
  }

  has(name: string): boolean {
    return this.byLog.has(name);
  }

  /** Ends at once: no notice arrives after the returned function was called. */
  add(name: string, listener: LogListener): () => void {
    const entry = { listener };
    const entries = this.byLog.get(name) ?? new Set();
    this.byLog.set(name, entries.add(entry));
    return () => {
      if (entries.delete(entry) && entries.size === 0) this.byLog.delete(name);
    };
  }

  /** A listener that throws does not keep the others from hearing. */
  notify(name: string, batch: LogBatch | undefined): void {
    for (const { listener } of this.byLog.get(name) ?? []) {
      try {
        listener(batch);
      } catch (error) {
        this.log.error({ err: error }, 'log_listener.failed');
      }
    }
  }
}
