import { CountersignError } from '../errors.js';
import { pathId, type RequestOptions, type Transport } from '../transport.js';
import { StreamConnection } from './stream-connection.js';

/** The three ways into a stream. */
export class StreamDoors {
  constructor(private readonly transport: Transport) {}

  /** Starts a run; sent again after a fault, it joins the run it started. */
  async begin(path: string, body: unknown, options: RequestOptions): Promise<StreamConnection> {
    const connection = await this.open({ method: 'POST', path, body, repeat: 'keyed' } as const, options);
    if (connection.streamId !== undefined) return connection;
    connection.close();
    const message = 'The answer does not name its stream, which could then be neither resumed nor verified';
    throw new CountersignError({ code: 'UNEXPECTED_RESPONSE', message });
  }

  /** @param after number of the last event received; `undefined`: from the position of the token */
  byToken(token: string, after: number | undefined, options: RequestOptions): Promise<StreamConnection> {
    const headers = { 'x-resume-token': token, ...lastEventId(after) };
    const path = 'assist/draft-graph/resume';
    return this.open({ method: 'POST', path, headers, repeat: 'safe' } as const, options);
  }

  /** For the owner of the stream alone. */
  byId(streamId: string, after: number | undefined, options: RequestOptions): Promise<StreamConnection> {
    const path = `v1/streams/${pathId(streamId)}/events`;
    return this.open({ method: 'GET', path, headers: lastEventId(after), repeat: 'safe' } as const, options);
  }

  private async open(call: Parameters<Transport['stream']>[0], options: RequestOptions): Promise<StreamConnection> {
    const exchange = await this.transport.stream(call, options);
    return new StreamConnection(exchange, this.transport.settings.reconnect.idleTimeoutMs);
  }
}

const lastEventId = (after: number | undefined): Readonly<Record<string, string>> =>
  after === undefined ? {} : { 'last-event-id': String(after) };
