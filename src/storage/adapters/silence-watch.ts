import type { Redis } from 'ioredis';
import { afterListening } from './answer-limits.js';

/**
 * Ends a connection whose server tells nothing any more: a peer that is gone, or stopped, tells nobody so, and only a new
 * connection finds another one. Unlike the timeouts of the driver it looks for an answer before it believes that none came.
 */
export class SilenceWatch {
  private answers = 0;
  private watched: unknown;

  /** @param patienceMs longest silence once an answer is overdue */
  constructor(
    private readonly client: Redis,
    private readonly patienceMs: number,
  ) {
    // The driver now asks the server whether it can serve, and would wait for ever.
    client.on('connect', () => this.overdue());
    client.on('ready', () => this.heard());
  }

  heard(): void {
    this.answers += 1;
  }

  /** Somebody waited for an answer for as long as he may. */
  overdue(): void {
    const { stream } = this.client;
    if (this.watched === stream) return;
    this.watched = stream;
    const { answers } = this;
    afterListening(this.patienceMs, () => {
      if (this.watched === stream) this.watched = undefined;
      if (this.answers === answers) stream.destroy(new Error('The server went silent'));
    });
  }
}
