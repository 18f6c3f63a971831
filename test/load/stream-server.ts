import { createServer } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { Ids, StandardOutput, SystemClock } from '#src/kernel/index.js';
import { Streams, type StreamWriter } from '#src/streaming/index.js';
import { benchEvent } from './harness/bench-event.ts';
import { AUTHORIZED } from './harness/countersign.ts';
import { serveProducers } from './harness/producers.ts';
import { startOwnService } from './own-service.ts';

/** The service, whose streams are filled on command instead of by a model. */

const caller = Promise.withResolvers<{ tenantId: string; principalId: string }>();
const output = new StandardOutput(new SystemClock());
let write = (line: string): void => {
  const { tenant_id, principal_id } = line.includes('"principal_id"') ? JSON.parse(line) : {};
  if (principal_id === undefined) return;
  caller.resolve({ tenantId: tenant_id, principalId: principal_id });
  // Whoever is measured writes as the service does.
  write = (later) => output.write(later);
};
const destination = { write: (line: string) => write(line) };
const app = await startOwnService({ destination, modules: [] });

// Who the bench's key belongs to, as the request log tells it.
await app.inject({ url: '/v1/status', headers: AUTHORIZED });
const owner = await caller.promise;

/** The streams behind the smallest HTTP server, as the peer's are: nobody is asked who they are, nothing is counted. */
const { PLAIN_PORT } = process.env;
if (PLAIN_PORT !== undefined) {
  createServer(async ({ url = '' }, response) => {
    const bytes = await app.get(Streams).follow(url.slice(1), owner, { live: true });
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    pipeline(Readable.from(bytes, { objectMode: false }), response, () => undefined);
  }).listen(Number(PLAIN_PORT), '127.0.0.1');
}

serveProducers(async (events) => {
  const filled = Promise.withResolvers<void>();
  const started = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<number>();
  const produce = async (writer: StreamWriter): Promise<object> => {
    let last = 0;
    const emit = (): Promise<void> => writer.emit('delta', benchEvent(++last));
    while (last < events) await emit();
    filled.resolve();
    const deadline = performance.now() + (await started.promise);
    while (performance.now() < deadline) await emit();
    ended.resolve(last);
    return {};
  };
  const { streamId } = await app.get(Streams).open({ owner, kind: 'bench', runId: app.get(Ids).next('run') }, produce);
  await filled.promise;
  const run = (ms: number): Promise<number> => {
    started.resolve(ms);
    return ended.promise;
  };
  return { streamId, run };
});
