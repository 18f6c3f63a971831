import type { Client } from 'undici';

/**
 * The connections to one origin, one for each call under way. undici's own pool looks through all of them for a free one,
 * twice a request: beside a thousand open streams a call cost half as much again.
 */
export class Connections {
  private readonly free: Client[] = [];

  constructor(private readonly open: () => Client) {}

  /** The one that was given back last, so that spare ones run out of time; a new one when none is free. */
  take(): Client {
    return this.free.pop() ?? this.opened();
  }

  /** For the next call. One that failed is not given back. */
  giveBack(client: Client): void {
    this.free.push(client);
  }

  private opened(): Client {
    const client = this.open();
    return client.on('disconnect', () => {
      const place = this.free.indexOf(client);
      if (place !== -1) this.free.splice(place, 1);
    });
  }
}
