import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judge } from '../support/answer-judge.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { speak } from '../support/raw-http.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { drafting, sampleDraft, standard } from '../support/scripted-upstream-scripts.ts';

const LIMIT_MS = 2_000;
const SILENCE_MS = 1_000;
const body = JSON.stringify({ brief: 'Should the ferry line order two electric boats, or refit the old ones first?' });

/** Odd parts of HTTP that Node answers, or leaves unanswered, on its own when nobody tells it otherwise. */
let server: TestApp;
let upstream: ScriptedUpstream;
let port = 0;
beforeAll(async () => {
  const structured = drafting(sampleDraft(12), { paceMs: 20, charactersPerChunk: 24 });
  upstream = await ScriptedUpstream.start([standard({ structured })], 0);
  server = await startApp({
    env: { MODEL_PROVIDERS: 'openai', OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'test' },
  });
  port = Number(new URL(await server.listen()).port);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream.close();
});

const message = (first: string, ...lines: readonly string[]): string =>
  [first, 'Host: a', ...lines, '', ''].join('\r\n');

async function answered(text: string, status: number): Promise<void> {
  const answer = await speak(port, text, LIMIT_MS, SILENCE_MS);
  expect([answer.closed, answer.status]).toEqual([true, status]);
  judge({ method: 'GET', ...answer }, '');
}

const streamRequest = message(
  'POST /assist/draft-graph/stream HTTP/1.1',
  `Authorization: ${bearer(keys.user).authorization}`,
  'Content-Type: application/json',
  `Content-Length: ${body.length}`,
);

describe('on a socket', () => {
  it.each([
    ['an absolute target', message('GET http://elsewhere/healthz HTTP/1.1', 'Connection: close'), 200],
    ['an upgrade nobody offers', message('GET /healthz HTTP/1.1', 'Connection: close, Upgrade', 'Upgrade: h2c'), 200],
    ['HTTP/1.0 without a host', 'GET /healthz HTTP/1.0\r\n\r\n', 200],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a method nobody knows', message('BREW /pot HTTP/1.1'), 400],
    ['OPTIONS *', message('OPTIONS * HTTP/1.1', 'Connection: close'), 404],
    ['TRACE', message('TRACE /healthz HTTP/1.1', 'Connection: close'), 405],
    ['half a request', 'GET /healthz HTTP/1.1\r\nHos', 400],
    ['a header without a colon', message('GET /healthz HTTP/1.1', 'nothing'), 400],
    ['a header that is folded', message('GET /healthz HTTP/1.1', 'a: b', ' c'), 400],
    ['a bare line feed', 'GET /healthz HTTP/1.1\nHost: a\n\n', 400],
    ['a zero in a header', message('GET /healthz HTTP/1.1', 'a: \u0000'), 400],
    [
      'a chunk without a length',
      message(
        'POST /v1/keys HTTP/1.1',
        'Authorization: Bearer guessed',
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ).concat('ZZ\r\n'),
      400,
    ],
  ])('%s is answered like anything else', async (_what, text, status) => {
    await answered(text, status);
  });

  it('an expectation nobody can meet is answered like anything else', () =>
    answered(message('GET /healthz HTTP/1.1', 'Expect: 200-maybe', 'Connection: close'), 400));

  it('CONNECT is answered like anything else', () =>
    answered(message('CONNECT elsewhere:443 HTTP/1.1', 'Connection: close'), 405));

  it('two Host headers are refused (RFC 9112 §3.2)', () =>
    answered(message('GET /healthz HTTP/1.1', 'Host: b', 'Connection: close'), 400));

  it('garbage behind a request does not end up inside its answer', async () => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      if (!text.includes('event: resume') && chunk.includes('event: resume')) socket.write('GARBAGE\r\n\r\n');
      text += chunk.toString('latin1');
    });
    socket.write(streamRequest + body);
    await once(socket, 'close');
    expect(text).toContain('event: stage');
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
  });
});
