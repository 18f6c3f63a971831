import { createServer } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createResumableStreamContext } from 'resumable-stream/ioredis';
import { benchFrame } from '../harness/bench-event.ts';
import { serveProducers } from '../harness/producers.ts';

/** `resumable-stream` behind the smallest HTTP server: `GET /streams/<id>` follows a stream from its begin. */
const url = process.env['REDIS_URL'] ?? '';
const streams = createResumableStreamContext({
  waitUntil: null,
  publisher: new Redis(url),
  subscriber: new Redis(url),
});

createServer(async (request, response) => {
  if (request.url === '/healthz') {
    response.end();
    return;
  }
  const stream = await streams.resumeExistingStream(request.url?.split('/').at(-1) ?? '', 0);
  if (stream === null || stream === undefined) {
    response.writeHead(stream === null ? 410 : 404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  const reader = stream.getReader();
  response.on('close', () => void reader.cancel().catch(() => undefined));
  for (let next = await reader.read(); !next.done; next = await reader.read()) response.write(next.value);
  response.end();
}).listen(Number(process.env['PORT']), '127.0.0.1');

// The library pulls: it asks for a chunk when the one before is published.
serveProducers(async (ready) => {
  const streamId = crypto.randomUUID();
  const filled = Promise.withResolvers<void>();
  const started = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<number>();
  let last = 0;
  let deadline = Number.POSITIVE_INFINITY;
  const pull = async (controller: ReadableStreamDefaultController<string>): Promise<void> => {
    if (last === ready) {
      filled.resolve();
      deadline = performance.now() + (await started.promise);
    }
    if (performance.now() >= deadline) {
      controller.close();
      ended.resolve(last);
      return;
    }
    last += 1;
    controller.enqueue(benchFrame(last));
  };
  await streams.createNewResumableStream(streamId, () => new ReadableStream({ pull }));
  await filled.promise;
  await setImmediate();
  const run = (ms: number): Promise<number> => {
    started.resolve(ms);
    return ended.promise;
  };
  return { streamId, run };
});
process.on('SIGTERM', () => process.exit(0));
