import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Public } from '#src/auth/index.js';
import { EventStream, eventStream } from '#src/http/index.js';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectEdgeHeaders } from '../support/edge-headers.ts';

let heard = 0;

/** Says something for ever. */
async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) {
    heard += 1;
    yield Buffer.from(': still here\n\n');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

@Controller('probe/endless')
class EndlessProbe {
  @Get()
  @Public()
  @EventStream('No end')
  follow() {
    return eventStream(endless());
  }
}

@Module({ controllers: [EndlessProbe] })
class EndlessModule {}

let server: TestApp;
let url = '';
beforeAll(async () => {
  server = await startApp({ modules: [EndlessModule] });
  url = await server.listen();
});
afterAll(() => server[Symbol.asyncDispose]());

/** What differs from one answer to the next. */
const VARYING =
  /^(?:x-request-id|x-trace-id|date|x-countersign-response-hash|content-length|connection|keep-alive|x?-?ratelimit.*)$/;
const lasting = (headers: Headers): object => Object.fromEntries([...headers].filter(([name]) => !VARYING.test(name)));
const ask = (method: string, path: string, key?: string): Promise<Response> =>
  fetch(`${url}${path}`, { method, headers: key === undefined ? {} : bearer(key) });

describe('HEAD', () => {
  it.each(['/healthz', '/readyz', '/v1/keys', '/.well-known/countersign-keys.json', '/documentation', '/v1/nothing'])(
    'of %s answers as GET does, without a body',
    async (path) => {
      const [get, head] = await Promise.all([ask('GET', path, keys.admin), ask('HEAD', path, keys.admin)]);
      await get.text();
      expect([head.status, await head.text()]).toEqual([get.status, '']);
      expect(lasting(head.headers)).toEqual(lasting(get.headers));
      expectEdgeHeaders(Object.fromEntries(head.headers));
    },
  );

  it('needs the credential that GET needs', async () => {
    expect((await ask('HEAD', '/v1/keys')).status).toBe(401);
  });

  it('of a route that answers POST only is refused', async () => {
    const head = await ask('HEAD', '/assist/draft-graph', keys.user);
    expect([head.status, head.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('of a stream that does not end answers at once, and nobody follows it', async () => {
    const head = await ask('HEAD', '/probe/endless');
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const then = heard;
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toBe(then);
  });
});
