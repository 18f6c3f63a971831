import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '#src/kernel/index.js';
import { OpenAiProvider } from '#src/models/adapters/openai/openai-provider.js';
import { DRAFT_GRAPH, DraftProposal } from '#src/models/draft-graph.schema.js';
import type { StructuredRequest } from '#src/models/provider.port.js';
import { type RecordedRequest, type Script } from '../support/scripted-upstream.ts';
import { answering, failing, frames, silent, stalling } from '../support/scripted-upstream-scripts.ts';
import { doneOf, failure, quiet, settingsFor } from './models-support.ts';
import { calm, TEXT, UpstreamScene, words } from './upstream-scene.ts';

const draft: StructuredRequest = { task: DRAFT_GRAPH, input: {}, system: 's', prompt: 'p', schema: DraftProposal };
let scene: UpstreamScene;
beforeEach(() => {
  scene = new UpstreamScene();
});
afterEach(() => scene.close());

describe('a model that takes its time', () => {
  it('is given up when it never answers, and its connection is closed', async () => {
    const subject = await scene.openAi([silent], { firstTokenMs: 30_000 });
    const error = failure(Array.fromAsync(subject.text(words, calm())));
    const request = await scene.upstream.received(1);
    await scene.clock.advance(30_000);
    expect(await error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await request.over;
    expect(request.closedByClientAt).toBeDefined();
    expect(scene.upstream.requests).toHaveLength(1);
  });

  it('is given up when it keeps the connection busy and says no word', async () => {
    const chatty: Script = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      while (!response.destroyed) {
        response.write(': still thinking\n\n');
        await turn();
      }
    };
    const error = await failure(scene.say([chatty], { firstTokenMs: 30_000 }));
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(scene.upstream.requests).toHaveLength(1);
  });

  it('may think longer before its first word than it may be silent later', async () => {
    const thought = Promise.withResolvers<void>();
    const thinking: Script = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      await thought.promise;
      response.end(frames(TEXT, {}).join(''));
    };
    const subject = await scene.openAi([thinking], { firstTokenMs: 60_000, idleMs: 10_000 });
    const events = Array.fromAsync(subject.text(words, calm()));
    await scene.upstream.received(1);
    await scene.clock.advance(50_000);
    thought.resolve();
    expect(doneOf(await events)).toMatchObject({ text: TEXT });
  });

  it('is given up when it falls silent in mid-answer', async () => {
    const subject = await scene.openAi([stalling(TEXT)], { idleMs: 30_000 });
    const events = subject.text(words, calm());
    await events.next();
    const error = await scene.soon(failure(Array.fromAsync(events)));
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await scene.upstream.requests[0]?.over;
    expect(scene.upstream.requests[0]?.closedByClientAt).toBeDefined();
  });

  it('is given up when the whole call takes too long, however busy it is', async () => {
    const subject = await scene.openAi([answering('x'.repeat(100_000), { charactersPerChunk: 1 })], {
      totalMs: 120_000,
    });
    const error = await scene.soon(failure(Array.fromAsync(subject.text(words, calm()))));
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });

  it('is given up when the handshake of its connection takes too long, and tried again', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const sockets: Socket[] = [];
    mute.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
    const { port } = Object(mute.address());
    const subject = new OpenAiProvider(
      settingsFor(`https://127.0.0.1:${port}`, { connectMs: 5_000 }),
      scene.clock,
      quiet,
    );
    const error = failure(Array.fromAsync(subject.text(words, calm())));
    for (const tries of [1, 2, 3]) {
      while (sockets.length < tries) await scene.clock.advance(100);
      await scene.clock.advance(5_000);
    }
    expect(await error).toMatchObject({ code: 'UPSTREAM_TIMEOUT', fault: 'connect_timeout' });
    for (const socket of sockets) socket.destroy();
    mute.close();
  });

  it('is not blamed for a reader who takes his', async () => {
    const subject = await scene.openAi([answering(TEXT, { charactersPerChunk: 4 })], { idleMs: 30_000 });
    const told: string[] = [];
    for await (const event of subject.text(words, calm())) {
      if (event.type === 'delta') told.push(event.text);
      await scene.clock.advance(40_000);
    }
    expect(told.join('')).toBe(TEXT);
  });
});

describe('a caller who leaves', () => {
  async function closedSince(request: RecordedRequest, left: number): Promise<void> {
    await request.over;
    expect(Number(request.closedByClientAt) - left).toBeLessThan(1_000);
  }

  it('before the first word ends the call upstream within a second', async () => {
    const controller = new AbortController();
    const subject = await scene.openAi([silent]);
    const error = failure(Array.fromAsync(subject.structured(draft, controller.signal)));
    const request = await scene.upstream.received(1);
    controller.abort();
    expect(await error).toMatchObject({ code: 'CANCELLED' });
    await closedSince(request, Date.now());
  });

  it('in mid-answer ends the call upstream within a second', async () => {
    const controller = new AbortController();
    const subject = await scene.openAi([stalling('{"nodes":[{"id":"a"},')]);
    const events = subject.structured(draft, controller.signal);
    expect(await events.next()).toMatchObject({
      value: { type: 'partial', used: { inputTokens: 2, outputTokens: 6 } },
    });
    controller.abort();
    const left = Date.now();
    expect(await failure(events.next())).toMatchObject({ code: 'CANCELLED' });
    await closedSince(await scene.upstream.received(1), left);
  });

  it('for a reason of ours ends with that reason', async () => {
    const controller = new AbortController();
    const subject = await scene.openAi([silent]);
    const error = failure(subject.embed({ texts: ['a'] }, controller.signal));
    await scene.upstream.received(1);
    const reason = new AppError('NOT_READY');
    controller.abort(reason);
    expect(await error).toBe(reason);
  });

  it('during a wait for a retry is not kept waiting', async () => {
    const controller = new AbortController();
    const subject = await scene.openAi([failing(429, { 'retry-after': '9' })]);
    const error = failure(Array.fromAsync(subject.text(words, controller.signal)));
    while (scene.lines.length === 0) await scene.clock.advance(0);
    controller.abort();
    expect(await error).toMatchObject({ code: 'CANCELLED' });
    expect(scene.upstream.requests).toHaveLength(1);
  });

  it('by reading no further closes the connection', async () => {
    const subject = await scene.openAi([stalling(TEXT)]);
    for await (const _event of subject.text(words, calm())) break;
    const request = await scene.upstream.received(1);
    await request.over;
    expect(request.closedByClientAt).toBeDefined();
  });
});
