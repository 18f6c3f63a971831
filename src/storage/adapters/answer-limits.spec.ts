import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { AnswerLimits } from './answer-limits.js';

const LIMIT_MS = 50;

function blockFor(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

function wait(limits = new AnswerLimits(LIMIT_MS)) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const begun = performance.now();
  let lateAfter: number | undefined;
  const end = limits.begin(() => {
    lateAfter = performance.now() - begun;
    resolve();
  });
  return { end, passed: promise, lateAfter: () => lateAfter };
}

describe('a limit on the wait for an answer', () => {
  it('passes, for all that was asked in a turn', async () => {
    const limits = new AnswerLimits(LIMIT_MS);
    const waits = [wait(limits), wait(limits)];
    await Promise.all(waits.map(({ passed }) => passed));
    for (const { lateAfter } of waits) expect(lateAfter()).toBeGreaterThanOrEqual(LIMIT_MS - 1);
  });

  it('counts from the end of a long turn, when the question leaves the process', async () => {
    const { passed, lateAfter } = wait();
    blockFor(2 * LIMIT_MS);
    await passed;
    expect(lateAfter()).toBeGreaterThanOrEqual(3 * LIMIT_MS - 1);
  });

  it('does not pass before the process has looked at its sockets, however late it is', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    const peer: Socket = (await once(server, 'connection'))[0];

    const { end, lateAfter } = wait();
    await turn();
    peer.write('answer');
    blockFor(2 * LIMIT_MS);
    await once(client, 'data');
    end();
    await turn();
    expect(lateAfter()).toBe(undefined);
    client.destroy();
    server.close();
  });

  it('is over for what was answered, and not for the rest of its turn', async () => {
    const limits = new AnswerLimits(LIMIT_MS);
    const [answered, asked] = [wait(limits), wait(limits)];
    answered.end();
    await asked.passed;
    expect(answered.lateAfter()).toBe(undefined);
  });

  it('is over at once for what was answered in its own turn', async () => {
    const { end, lateAfter } = wait();
    end();
    await delay(2 * LIMIT_MS);
    expect(lateAfter()).toBe(undefined);
  });
});
