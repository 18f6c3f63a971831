import { type IncomingEvent, parseSequence, type StreamEvent } from '#libs/sse/index.js';
import {
  AbortError,
  ConnectionError,
  CountersignError,
  StreamInterruptedError,
  type StreamPlace,
  StreamVerificationError,
} from '../errors.js';
import { isRecord, parseJson } from '../json.js';
import { pause } from '../platform.js';
import type { Settings } from '../settings.js';
import type { RequestOptions } from '../transport.js';
import { canPass, chooseDoor, type Door, patienceFor, placeOf } from './resume.policy.js';
import type { StreamConnection } from './stream-connection.js';
import type { StreamDoors } from './stream-doors.js';

/** Told before each attempt to resume a broken stream. */
export interface ReconnectNotice {
  /** 1 for the first attempt since the last new event. */
  readonly attempt: number;
  readonly lastSeq: number;
  readonly by: 'token' | 'id';
  readonly waitMs: number;
  /** What broke the stream, or the last attempt. */
  readonly cause: CountersignError;
}

export interface ReaderOptions extends RequestOptions {
  readonly onReconnect?: ((notice: ReconnectNotice) => void) | undefined;
}

/** How a reader begins. */
export interface Beginning {
  readonly open: (options: RequestOptions) => Promise<StreamConnection>;
  /** Number of the last event already known, 0 for none; `undefined` where only the service knows. */
  readonly after: number | undefined;
  readonly streamId: string | undefined;
  readonly token: string | undefined;
}

interface Break {
  readonly failures: number;
  readonly since: number;
}

export const TERMINAL: ReadonlySet<string> = new Set(['complete', 'error']);

/**
 * The events of one stream over as many connections as it takes: each once, in order, up to the terminal one.
 * Ends with a thrown error when the stream cannot be had.
 */
export class ResumingReader {
  reconnects = 0;
  streamId: string | undefined;
  token: string | undefined;
  last: number | undefined;
  private tokenRefused = false;
  private finished = false;
  private retryMs: number | undefined;
  private broken: Break | undefined;
  /** The event that was missing when a connection was last given up for it. */
  private holeAt: number | undefined;

  constructor(
    private readonly doors: StreamDoors,
    private readonly settings: Settings,
    private readonly beginning: Beginning,
    private readonly options: ReaderOptions,
  ) {
    this.streamId = beginning.streamId;
    this.token = beginning.token;
    this.last = beginning.after;
  }

  get place(): StreamPlace {
    return { streamId: this.streamId, resumeToken: this.token, lastSeq: this.last ?? 0 };
  }

  async *events(): AsyncGenerator<StreamEvent, void, undefined> {
    let connection = await this.beginning.open(this.options);
    for (;;) {
      this.streamId ??= connection.streamId;
      const cause = yield* this.read(connection);
      if (cause === undefined) return;
      connection = await this.reconnect(cause);
    }
  }

  /** The new events of one connection; answers what ended it before the terminal event. */
  private async *read(connection: StreamConnection): AsyncGenerator<StreamEvent, CountersignError | undefined> {
    try {
      for await (const incoming of connection.events()) {
        const event = numbered(incoming);
        const placement = placeOf(event, this.last);
        if (placement === 'hole') return this.hole((this.last ?? 0) + 1);
        if (placement === 'duplicate') continue;
        this.advance(event);
        yield event;
        if (this.finished) return undefined;
      }
      return new ConnectionError('The stream ended before its last event', undefined);
    } catch (error) {
      if (error instanceof CountersignError && canPass(error)) return error;
      throw error;
    } finally {
      this.retryMs = connection.retryMs ?? this.retryMs;
      connection.close();
    }
  }

  private advance({ seq, event, data }: StreamEvent): void {
    this.last = seq;
    this.broken = undefined;
    this.holeAt = undefined;
    this.finished = TERMINAL.has(event);
    if (event === 'resume') this.keepToken(parseJson(data));
  }

  private keepToken(data: unknown): void {
    if (!isRecord(data) || typeof data['token'] !== 'string') return;
    this.token = data['token'];
    this.tokenRefused = false;
  }

  /** Once, a missing event may be an accident of this connection; twice, the service does not have it. */
  private hole(seq: number): CountersignError {
    const error = new StreamVerificationError(this.streamId, { reason: 'hole', seq });
    if (this.holeAt === seq) throw error;
    this.holeAt = seq;
    return error;
  }

  private async reconnect(cause: CountersignError): Promise<StreamConnection> {
    for (let latest = cause; ; ) {
      const door = chooseDoor({ token: this.token, tokenRefused: this.tokenRefused, streamId: this.streamId });
      if (door.by === 'none') throw this.interrupted('there is nothing to resume it by', latest);
      await this.waitTurn(door.by, latest);
      const opened = await this.open(door);
      if (!(opened instanceof CountersignError)) return opened;
      latest = opened;
    }
  }

  private async waitTurn(by: 'token' | 'id', cause: CountersignError): Promise<void> {
    const { time, reconnect } = this.settings;
    const now = time.now();
    this.broken = { failures: (this.broken?.failures ?? 0) + 1, since: this.broken?.since ?? now };
    const { failures, since } = this.broken;
    const { retryMs } = this;
    const outage = { failures, lastedMs: now - since, retryMs, retryAfterMs: cause.retryAfterMs };
    const patience = patienceFor(outage, reconnect, time.random());
    if ('givesUp' in patience) throw this.interrupted(patience.givesUp, cause);
    this.options.onReconnect?.({ attempt: failures, lastSeq: this.last ?? 0, by, waitMs: patience.waitMs, cause });
    await pause(time, patience.waitMs, this.options.signal);
    if (this.options.signal?.aborted === true) throw new AbortError(this.options.signal.reason);
  }

  /** One attempt; an error is answered when another may help, and thrown when none will. */
  private async open(door: Exclude<Door, { by: 'none' }>): Promise<StreamConnection | CountersignError> {
    const timeoutMs = this.settings.reconnect.idleTimeoutMs;
    const options = { signal: this.options.signal, timeoutMs, maxRetries: 0 };
    try {
      const connection = await (door.by === 'token'
        ? this.doors.byToken(door.token, this.last, options)
        : this.doors.byId(door.streamId, this.last, options));
      this.reconnects += 1;
      return connection;
    } catch (error) {
      if (!(error instanceof CountersignError) || error.code === 'ABORTED') throw error;
      if (canPass(error)) return error;
      if (door.by === 'id') throw this.interrupted('it was refused', error);
      this.tokenRefused = true;
      return error;
    }
  }

  private interrupted(why: string, cause: CountersignError): StreamInterruptedError {
    const { streamId = 'without a name', lastSeq } = this.place;
    const message = `Stream ${streamId} broke after event ${lastSeq} and ${why} (${cause.message})`;
    return new StreamInterruptedError(message, this.place, cause);
  }
}

function numbered({ id, event, data }: IncomingEvent): StreamEvent {
  const seq = parseSequence(id);
  if (seq !== undefined && seq > 0) return { seq, event, data };
  throw new CountersignError({ code: 'UNEXPECTED_RESPONSE', message: 'An event of the stream carries no number' });
}
