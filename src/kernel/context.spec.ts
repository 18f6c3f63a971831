import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { currentContext, enterContext } from './context.js';

let server: Server;

/** Answers with the id of its context; a request to `/none` enters none. */
beforeEach(async () => {
  server = createServer(async ({ url = '' }, response) => {
    if (url !== '/none') enterContext({ requestId: url, traceId: '', fields: {} });
    await turn();
    response.end(`<${currentContext()?.requestId ?? 'no context'}>`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
});

/** Sends requests in one packet each, one after the other, on one connection. */
async function ask(...packets: readonly (readonly string[])[]): Promise<readonly string[]> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
  let received = '';
  const answers = () => received.match(/<[^>]*>/g) ?? [];
  socket.on('data', (text) => {
    received += String(text);
  });
  let asked = 0;
  for (const targets of packets) {
    socket.write(targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
    asked += targets.length;
    while (answers().length < asked) await once(socket, 'data');
  }
  socket.destroy();
  return answers();
}

describe('the context of a request', () => {
  it('is its own, also when others came in the same packet', async () => {
    expect(await ask(['/a', '/b', '/c'])).toEqual(['</a>', '</b>', '</c>']);
  });

  it('is not that of the request before it on the connection', async () => {
    expect(await ask(['/a'], ['/none'], ['/b'])).toEqual(['</a>', '<no context>', '</b>']);
  });

  it('is over with the callback that entered it', async () => {
    const after = Promise.withResolvers<unknown>();
    setImmediate(() => enterContext({ requestId: 'a', traceId: '', fields: {} }));
    setImmediate(() => after.resolve(currentContext()));
    expect(await after.promise).toBeUndefined();
  });
});
