import { type AddressInfo, connect as connectTo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Stands between a client and a server and behaves like a bad network. */
export class TcpProxy implements AsyncDisposable {
  /** Connections that were refused so far. */
  refused = 0;
  private readonly sockets = new Set<Socket>();
  private stalled = false;
  private stalls = 0;
  private refusing = false;
  private delayMs = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  static async start(target: number): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: false });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Closes every connection and refuses new ones until {@link heal}. */
  cut(): void {
    this.refusing = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Loses every byte of every connection and closes none: a peer that vanished. Those connections stay lost. */
  stall(): void {
    this.stalled = true;
    this.stalls += 1;
  }

  /** Holds every piece of data back for this long. */
  slowDown(ms: number): void {
    this.delayMs = ms;
  }

  /** Serves new connections as if nothing had been. */
  heal(): void {
    this.refusing = false;
    this.stalled = false;
    this.delayMs = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    if (this.refusing) {
      this.refused += 1;
      client.destroy();
      return;
    }
    const upstream = connectTo(this.target, '127.0.0.1');
    this.forward(client, upstream);
    this.forward(upstream, client);
  }

  private forward(from: Socket, to: Socket): void {
    const born = this.stalled ? this.stalls - 1 : this.stalls;
    let turn: Promise<unknown> = Promise.resolve();
    this.sockets.add(from);
    from.on('data', (data) => {
      if (this.stalls > born) return;
      if (this.delayMs > 0) turn = turn.then(() => delay(this.delayMs));
      turn = turn.then(() => to.writable && to.write(data));
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}

export const startTcpProxy = (target: number): Promise<TcpProxy> => TcpProxy.start(target);
