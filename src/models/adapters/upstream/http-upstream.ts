import { once } from 'node:events';
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as http,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { Agent as HttpsAgent, request as https } from 'node:https';
import type { Clock } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import { lost, UpstreamBody } from './upstream-body.js';
import type { UpstreamCall } from './upstream-call.js';
import type { UpstreamSettings } from './upstream-settings.js';
import { statusError } from './upstream-status.policy.js';

/**
 * POSTs JSON and hands out the bytes of the answer. On node's own client rather than `fetch`: it tells a slow
 * connection from a slow answer, destroys the socket the moment a call ends, and follows no redirect.
 */
export class HttpUpstream {
  private readonly base: URL;
  private readonly agent: HttpAgent;

  /** @param credentials headers that say who we are, revealed for each request and kept nowhere */
  constructor(
    private readonly settings: UpstreamSettings,
    private readonly credentials: () => OutgoingHttpHeaders,
    private readonly clock: Clock,
  ) {
    this.base = new URL(settings.baseUrl);
    const secure = this.base.protocol === 'https:';
    this.agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  /**
   * The body of a successful answer of the media type asked for.
   *
   * @throws {UpstreamError} for every other answer, and for none; the error the call ended in, when it ended
   */
  async post(path: string, payload: unknown, accept: string, call: UpstreamCall): Promise<UpstreamBody> {
    call.signal.throwIfAborted();
    const request = this.send(path, Buffer.from(JSON.stringify(payload)), accept, call);
    try {
      const response = await call.within(this.settings.firstTokenMs, answerTo(request)).catch(lost);
      this.check(response, accept);
      return new UpstreamBody({ request, response }, this.settings, call, this.clock);
    } catch (error) {
      request.destroy();
      throw error;
    }
  }

  private send(path: string, body: Buffer, accept: string, call: UpstreamCall): ClientRequest {
    const url = new URL(this.base);
    url.pathname = `${this.base.pathname.replace(/\/+$/, '')}${path}`;
    const headers = {
      accept,
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'content-length': body.length,
      'user-agent': 'countersign',
      ...this.credentials(),
    };
    const open = url.protocol === 'https:' ? https : http;
    const request = open(url, { method: 'POST', agent: this.agent, headers, signal: call.signal });
    this.limitConnecting(request, url.protocol === 'https:' ? 'secureConnect' : 'connect');
    // Failures are seen where the answer is awaited or read; this listener only keeps late ones from ending the process.
    request.on('error', () => undefined);
    return request.end(body);
  }

  private limitConnecting(request: ClientRequest, connected: string): void {
    request.once('socket', (socket) => {
      if (!socket.connecting) return;
      const error = new UpstreamError('connect_timeout', 'The model could not be reached in time');
      const stop = this.clock.after(this.settings.connectMs, () => request.destroy(error));
      socket.once(connected, stop).once('close', stop);
    });
  }

  private check({ statusCode: status = 0, headers }: IncomingMessage, accept: string): void {
    if (status < 200 || status > 299) throw statusError(status, headers, this.clock.now());
    const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    const plain = (headers['content-encoding'] ?? 'identity') === 'identity';
    if (type !== accept || !plain)
      throw new UpstreamError('malformed', 'The model answered in another format', { status });
  }
}

async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new UpstreamError('malformed', 'The model gave no answer');
  return response;
}
