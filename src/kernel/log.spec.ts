import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { enterContext } from './context.js';
import { createLog } from './log.js';

function collect(): { readonly lines: string[]; readonly log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  return { lines, log: createLog({ level: 'debug', version: '1.0.0+test', destination }) };
}

const PLANTED = 'planted0123456789abcdefghijklmnop';

describe('log', () => {
  it('writes one JSON object a line, with the event as its name', () => {
    const { lines, log } = collect();
    log.info({ stream_id: 'strm_1' }, 'stream.opened');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      event: 'stream.opened',
      stream_id: 'strm_1',
      version: '1.0.0+test',
    });
  });

  it('carries the ids of the request it is written in', async () => {
    const { lines, log } = collect();
    const request = Promise.withResolvers<void>();
    setImmediate(() => {
      enterContext({ requestId: 'request-1', traceId: 'a'.repeat(32), fields: {} });
      log.warn({}, 'redis.lost');
      request.resolve();
    });
    await request.promise;
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ request_id: 'request-1', trace_id: 'a'.repeat(32) });
  });

  it.each<[string, Record<string, unknown>]>([
    ['a field called authorization', { authorization: PLANTED }],
    ['a header inside an object', { headers: { 'x-api-key': PLANTED } }],
    ['a bearer in free text', { note: `sent Bearer ${PLANTED} upstream` }],
    ['an API key of ours', { note: `cs_0190aaaa_${PLANTED}` }],
    ['a provider key', { note: `sk-${PLANTED}` }],
    ['a JWT', { note: `eyJhbGciOiJIUzI1NiJ9.${PLANTED}.${PLANTED}` }],
    ['a password in a URL', { url: `postgres://user:${PLANTED}@db/x` }],
    ['a password in a URL that names no user', { url: `see https://a.test/x, redis://:${PLANTED}@hot:6379` }],
    ['an error that repeats a key', { cause: new Error(`upstream refused sk-${PLANTED}`) }],
    ['a private key', { note: `-----BEGIN PRIVATE KEY-----\n${PLANTED}\n-----END PRIVATE KEY-----` }],
  ])('does not show %s', (_what, fields) => {
    const { lines, log } = collect();
    log.error(fields, 'thing.failed');
    expect(lines.join('')).toContain('thing.failed');
    expect(lines.join('')).not.toContain(PLANTED);
    expect(() => JSON.parse(lines[0] ?? '') as unknown).not.toThrow();
  });

  it('a value cannot forge a second line', () => {
    const { lines, log } = collect();
    log.info({ brief: 'a\n{"level":"error","event":"forged"}' }, 'note.taken');
    expect(lines.join('').trim().split('\n')).toHaveLength(1);
  });
});
