import { describe, expect, it } from '@jest/globals';
import { SystemClock } from '#src/kernel/index.js';
import { UpstreamBody } from './upstream-body.js';

const KIB = 1_024;
const STREAM = { 'content-type': 'text/event-stream' };

/** A connection as the dispatcher lets it be governed. */
class Connection {
  readonly aborted = false;
  readonly reason = null;
  paused = false;
  closedWith: Error | undefined;

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  abort(reason: Error): void {
    this.closedWith = reason;
  }
}

function begun(headers: Readonly<Record<string, string | string[]>> = STREAM, status = 200) {
  const call = new AbortController();
  const connection = new Connection();
  const body = new UpstreamBody(
    { accept: ['text/event-stream'], maxBytes: 1_024 * KIB },
    call.signal,
    new SystemClock(),
    () => undefined,
  );
  body.onRequestStart(connection);
  body.onResponseStart(connection, status, headers);
  return { call, connection, body };
}

describe('the body of an answer', () => {
  it('takes no more from the connection while 64 KiB wait for their reader', async () => {
    const { connection, body } = begun();
    for (let sent = 1; sent < 16; sent++) body.onResponseData(connection, Buffer.alloc(4 * KIB));
    expect(connection.paused).toBe(false);
    body.onResponseData(connection, Buffer.alloc(4 * KIB));
    expect(connection.paused).toBe(true);

    expect(await body.next()).toHaveLength(64 * KIB);
    expect(connection.paused).toBe(false);
  });

  it('gives what came before its connection broke, then the failure', async () => {
    const { connection, body } = begun();
    body.onResponseData(connection, Buffer.from('a'));
    body.onResponseError(connection, Object.assign(new Error('10.0.0.1 said sk-leak'), { code: 'ECONNRESET' }));
    expect(String(await body.next())).toBe('a');
    await expect(body.next()).rejects.toMatchObject({ fault: 'network', message: 'The connection to the model broke' });
  });

  it('gives nothing of what came before its call ended', async () => {
    const { call, connection, body } = begun();
    body.onResponseData(connection, Buffer.from('a'));
    const reason = new Error('over');
    call.abort(reason);
    await expect(body.next()).rejects.toBe(reason);
    expect(connection.closedWith).toBe(reason);
  });

  it('closes a connection that is made after its call ended', () => {
    const call = new AbortController();
    const connection = new Connection();
    const body = new UpstreamBody(
      { accept: ['text/event-stream'], maxBytes: 1 },
      call.signal,
      new SystemClock(),
      () => undefined,
    );
    const reason = new Error('over');
    call.abort(reason);
    body.onRequestStart(connection);
    expect(connection.closedWith).toBe(reason);
  });

  it('leaves its connection open when it is released, drops what still comes, and closes it when it is left', () => {
    const released = begun();
    released.body.release();
    released.body.onResponseData(released.connection, Buffer.alloc(4_096 * KIB));
    released.body.onResponseEnd();
    released.body.leave();
    expect(released.connection).toMatchObject({ paused: false, closedWith: undefined });

    const left = begun();
    left.body.leave();
    expect(left.connection.closedWith).toMatchObject({ code: 'CANCELLED' });
  });

  it.each<[string, Readonly<Record<string, string | string[]>>]>([
    ['in capitals and with a parameter', { 'content-type': 'Text/Event-Stream; charset=utf-8' }],
    ['twice', { 'content-type': ['text/event-stream', 'text/event-stream'] }],
    ['with an encoding that changes nothing', { ...STREAM, 'content-encoding': 'identity' }],
  ])('is taken when its type is told %s', (_how, headers) => {
    expect(() => begun(headers)).not.toThrow();
  });

  it.each<[string, Readonly<Record<string, string | string[]>>, number, string]>([
    ['of another type', { 'content-type': 'text/event-stream-2' }, 200, 'malformed'],
    ['of no type', {}, 200, 'malformed'],
    ['of two encodings', { ...STREAM, 'content-encoding': ['identity', 'br'] }, 200, 'malformed'],
    ['of a redirect', { ...STREAM, location: '/' }, 302, 'unserved'],
    ['of a failure', { ...STREAM, 'retry-after': '1' }, 503, 'busy'],
  ])('%s is refused', (_what, headers, status, fault) => {
    expect(() => begun(headers, status)).toThrow(expect.objectContaining({ fault, status }));
  });

  it('of a rejected request is read for its reason, and never handed out', async () => {
    const { connection, body } = begun({ 'content-type': 'application/json' }, 400);
    body.onResponseData(connection, Buffer.from('{"error":{"code":"context_'));
    body.onResponseData(connection, Buffer.from('length_exceeded","message":"sk-leak"}}'));
    const read = body.next();
    body.onResponseEnd();
    await expect(read).rejects.toMatchObject({
      ...{ fault: 'rejected', status: 400, message: 'The model did not accept the request' },
      extensions: { openai: { code: 'context_length_exceeded' } },
    });
  });

  it('of a rejected request that breaks, or does not end, is a rejection all the same', async () => {
    const broken = begun({}, 422);
    broken.body.onResponseData(broken.connection, Buffer.from('{"err'));
    broken.body.onResponseError(broken.connection, Object.assign(new Error('x'), { code: 'ECONNRESET' }));
    await expect(broken.body.mediaType()).rejects.toMatchObject({ fault: 'rejected', status: 422 });
    const endless = begun({}, 429);
    expect(() => endless.body.onResponseData(endless.connection, Buffer.alloc(17 * KIB))).toThrow(
      expect.objectContaining({ fault: 'limited', status: 429 }),
    );
  });

  it('of an early hint is not there yet', () => {
    expect(() => begun({}, 103)).not.toThrow();
  });
});
