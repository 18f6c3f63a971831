import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer on its way. */
export interface PassingAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** What becomes of an answer; the body may be replaced, the headers changed. */
export type Tampering = (answer: PassingAnswer) => PassingAnswer;

/** Of another connection, or of bytes that are not the service's any more. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

/** An HTTP proxy in front of a service that changes what passes, as it is told. */
export class TamperingProxy implements AsyncDisposable {
  /** Requests so far: method, path, `Idempotency-Key`. */
  readonly requests: string[] = [];
  /** For the next answers, in order; afterwards the last one for ever. */
  tampering: readonly Tampering[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {
    server.on('request', (request, response) => void this.pass(request, response));
  }

  static async start(target: string): Promise<TamperingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TamperingProxy(server, target);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    this.requests.push(`${method} ${url} ${String(headers['idempotency-key'] ?? '')}`.trim());
    const { status, headers: passed, body } = this.tampered(await this.forward(request));
    for (const name of HOP_HEADERS) passed.delete(name);
    response.writeHead(status, Object.fromEntries(passed)).end(body);
  }

  private async forward(request: IncomingMessage): Promise<PassingAnswer> {
    const { method = '', url = '', headers } = request;
    const body = Buffer.concat(await request.toArray());
    const sent = Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name));
    const answer = await fetch(`${this.target}${url}`, {
      method,
      headers: sent.map(([name, value]): [string, string] => [name, String(value)]),
      ...(body.length === 0 ? {} : { body }),
    });
    return {
      status: answer.status,
      headers: new Headers(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  }

  private tampered(answer: PassingAnswer): PassingAnswer {
    const [tampering = (same: PassingAnswer) => same, ...later] = this.tampering;
    if (later.length > 0) this.tampering = later;
    return tampering(answer);
  }
}
