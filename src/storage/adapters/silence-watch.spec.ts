import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { until } from '../../../test/support/until.ts';
import { SilenceWatch } from './silence-watch.js';

const PATIENCE_MS = 100;

/** Accepts connections; answers `+PONG` to whatever it is told while it is not silent. */
class Peer {
  silent = false;
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => void (this.silent || socket.write('+PONG\r\n')));
  });

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

let peer: Peer;
let client: Redis;
let watch: SilenceWatch;

async function connect(enableReadyCheck: boolean): Promise<void> {
  client = new Redis(await peer.listen(), '127.0.0.1', {
    enableReadyCheck,
    disableClientInfo: true,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => 10,
  });
  client.on('error', () => undefined);
  watch = new SilenceWatch(client, PATIENCE_MS);
}

beforeEach(() => {
  peer = new Peer();
});
afterEach(async () => {
  client.disconnect();
  await peer.close();
});

describe('a connection of which an answer is overdue', () => {
  it('ends when nothing comes, and its command with it', async () => {
    await connect(false);
    await client.connect();
    watch.heard();
    await delay(2 * PATIENCE_MS);
    peer.silent = true;
    const asked = expect(client.ping()).rejects.toThrow();
    watch.overdue();
    watch.overdue();
    await asked;
    await until('it connects again', () => peer.connections === 2);
  });

  it('goes on when an answer comes after all', async () => {
    await connect(false);
    await client.connect();
    watch.heard();
    await delay(2 * PATIENCE_MS);
    watch.overdue();
    expect(await client.ping()).toBe('PONG');
    watch.heard();
    await delay(3 * PATIENCE_MS);
    expect(peer.connections).toBe(1);
  });

  it('is given the time in which this process could not listen', async () => {
    await connect(false);
    await client.connect();
    watch.heard();
    await delay(2 * PATIENCE_MS);
    watch.overdue();
    const asked = client.ping().then(() => watch.heard());
    block(3 * PATIENCE_MS);
    await asked;
    await delay(2 * PATIENCE_MS);
    expect(peer.connections).toBe(1);
  });
});

describe('a new connection', () => {
  it('ends when the server does not say that it can serve', async () => {
    await connect(true);
    peer.silent = true;
    client.connect().catch(() => undefined);
    await until('it connects again', () => peer.connections === 2);
    peer.silent = false;
  });
});
