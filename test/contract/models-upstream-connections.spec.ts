import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createMute, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAiProvider } from '#src/models/adapters/openai/openai-provider.js';
import type { OpenAiSettings } from '#src/models/adapters/openai/openai-settings.js';
import type { TextRequest } from '#src/models/provider.port.js';
import { FakeClock } from '../support/fake-clock.ts';
import { frames } from '../support/scripted-upstream-scripts.ts';
import { failure, type Line, recordingLog, settingsFor, whileTimePasses } from './models-support.ts';

const TEXT = 'A second crane would stand idle.';
const words: TextRequest = { messages: [{ role: 'user', content: 'Say it' }] };
const calm = (): AbortSignal => new AbortController().signal;

const says: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(frames(TEXT, {}).join(''));
};

let server: Server;
let clock: FakeClock;
let lines: Line[];
let sockets: Socket[];

beforeEach(() => {
  clock = new FakeClock();
  lines = [];
  sockets = [];
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function provider(answer: RequestListener, near: Partial<OpenAiSettings> = {}, host = '127.0.0.1') {
  server = createServer(answer).on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = Object(server.address());
  const subject = new OpenAiProvider(settingsFor(`http://${host}:${port}/v1`, near), clock, recordingLog(lines));
  return { subject, port };
}

async function said(subject: OpenAiProvider): Promise<unknown> {
  const events = await whileTimePasses(clock, 10, Array.fromAsync(subject.text(words, calm())));
  return Object(events.at(-1)).text;
}

describe('a connection to a model', () => {
  it('that the model closed while nobody used it costs no call and no second try', async () => {
    const { subject } = await provider(says);
    expect(await said(subject)).toBe(TEXT);
    const gone = once(sockets[0] as Socket, 'close');
    sockets[0]?.end();
    await gone;
    expect(await said(subject)).toBe(TEXT);
    expect(sockets).toHaveLength(2);
    expect(lines).toEqual([]);
  });

  it('that the model closes in the face of a request is one of the faults that are tried again', async () => {
    let asked = 0;
    const { subject } = await provider((request, response) => {
      asked += 1;
      if (asked === 2) request.socket.destroy();
      else says(request, response);
    });
    expect(await said(subject)).toBe(TEXT);
    expect(await said(subject)).toBe(TEXT);
    expect(asked).toBe(3);
    expect(lines).toMatchObject([{ event: 'model.call_retried', fault: 'network' }]);
  });

  it('is found under a name with several addresses, of which one does not answer', async () => {
    const { subject } = await provider(says, {}, 'localhost');
    expect(await said(subject)).toBe(TEXT);
  });

  it('is not shared by calls at the same time, however many they are, and used by those that come later', async () => {
    const waiting: (() => void)[] = [];
    let asked = 0;
    const { subject } = await provider((request, response) => {
      waiting.push(() => says(request, response));
      asked += 1;
      if (asked >= 40) for (const answer of waiting.splice(0)) answer();
    });
    const all = Promise.all(Array.from({ length: 40 }, () => Array.fromAsync(subject.text(words, calm()))));
    expect(await whileTimePasses(clock, 10, all)).toHaveLength(40);
    expect(await said(subject)).toBe(TEXT);
    expect(sockets).toHaveLength(40);
  });

  it('hears hints before the answer', async () => {
    const { subject } = await provider((request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => says(request, response));
    });
    expect(await said(subject)).toBe(TEXT);
  });

  it('asks where the address says, its query included, as whom the address says', async () => {
    const asked: unknown[] = [];
    const { port } = await provider((request, response) => {
      asked.push([request.url, request.headers.authorization]);
      says(request, response);
    });
    const baseUrl = `http://us%20er:pass@127.0.0.1:${port}/deep/v1/?version=2`;
    const subject = new OpenAiProvider(settingsFor(baseUrl, { apiKey: undefined }), clock, recordingLog(lines));
    expect(await said(subject)).toBe(TEXT);
    const basic = `Basic ${Buffer.from('us er:pass').toString('base64')}`;
    expect(asked).toEqual([['/deep/v1/chat/completions?version=2', basic]]);
  });

  it('that is still being made is not waited for when the caller leaves, and then not used', async () => {
    await provider(says);
    const mute = createMute().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = Object(mute.address());
    const subject = new OpenAiProvider(
      settingsFor(`https://127.0.0.1:${port}`, { connectMs: 5_000 }),
      clock,
      recordingLog(lines),
    );
    const caller = new AbortController();
    const error = failure(Array.fromAsync(subject.text(words, caller.signal)));
    const [socket] = (await once(mute, 'connection')) as [Socket];
    socket.on('error', () => undefined).resume();
    caller.abort();
    expect(await error).toMatchObject({ code: 'CANCELLED' });

    const closed = once(socket, 'close');
    await clock.advance(5_000);
    await closed;
    mute.close();
  });
});
