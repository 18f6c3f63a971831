import { Client } from 'undici';
import type { Clock } from '#src/kernel/index.js';
import { connecting } from './connecting.js';
import { Connections } from './connections.js';
import { UpstreamBody } from './upstream-body.js';
import type { UpstreamCall } from './upstream-call.js';
import type { UpstreamSettings } from './upstream-settings.js';

type Headers = Readonly<Record<string, string>>;

/** How long a connection nobody uses is kept, unless the upstream says how long it keeps it. */
const KEEP_ALIVE_MS = 60_000;
/** So much earlier than the upstream a connection is closed: a request must not meet it half closed. */
const KEEP_ALIVE_MARGIN_MS = 1_000;

/**
 * POSTs JSON and hands out the bytes of the answer. On undici's dispatcher rather than `fetch`: it tells a slow
 * connection from a slow answer, destroys the socket the moment a call ends, and follows no redirect.
 */
export class HttpUpstream {
  private readonly connections: Connections;
  private readonly head: Headers;
  private readonly pathTo: (path: string) => string;

  /** @param credentials headers that say who we are, revealed for each request and kept nowhere */
  constructor(
    private readonly settings: UpstreamSettings,
    private readonly credentials: () => Headers,
    private readonly clock: Clock,
  ) {
    const base = new URL(settings.baseUrl);
    const folder = base.pathname.replace(/\/+$/, '');
    this.pathTo = (path) => `${folder}${path}${base.search}`;
    this.head = {
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'user-agent': 'countersign',
      ...basicOf(base),
    };
    const options: Client.Options = {
      connect: connecting(settings.connectMs, clock),
      allowH2: false,
      // Limits are the call's own.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
    };
    this.connections = new Connections(() => new Client(base.origin, options));
  }

  /**
   * The body of a successful answer of one of the media types asked for; reading it fails for every other answer, and for none.
   *
   * @throws the error the call ended in, when it ended before
   */
  post(path: string, payload: unknown, accept: readonly string[], call: UpstreamCall): UpstreamBody {
    call.signal.throwIfAborted();
    const headers = { accept: accept.join(', '), ...this.head, ...this.credentials() };
    const request = { method: 'POST', path: this.pathTo(path), headers, body: JSON.stringify(payload) };
    const expected = { accept, maxBytes: this.settings.maxResponseBytes };
    const connection = this.connections.take();
    const body = new UpstreamBody(expected, call.signal, this.clock, () => this.connections.giveBack(connection));
    connection.dispatch(request, body);
    return body;
  }
}

/** The name and password of an address, as the credentials they are (RFC 7617). */
function basicOf({ username, password }: URL): Headers {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
