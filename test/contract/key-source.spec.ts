import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpKeySource } from '#src/auth/adapters/http-key-source.js';
import { KeySource } from '#src/auth/jwt/key-source.port.js';
import { FakeClock } from '../support/fake-clock.ts';
import { ELSEWHERE, type KeySourceSubject, keySourceContract } from './key-source.contract.ts';

const PATIENCE_MS = 500;
let server: Server;
let respond: (response: ServerResponse) => void;
let requests: string[];

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url === '/elsewhere') response.end(ELSEWHERE);
    else respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function subjectOf(source: KeySource, clock: FakeClock): KeySourceSubject {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    source,
    clock,
    requests,
    uri: `${origin}/jwks`,
    elsewhere: `${origin}/elsewhere`,
    respond: (how) => {
      respond = how;
    },
  };
}

/** What one line of code would be. */
class TrustingSource extends KeySource {
  async read(uri: string): Promise<Buffer> {
    return Buffer.from(await (await fetch(uri)).arrayBuffer());
  }
}

/** Asks once and for all. */
class RememberingSource extends KeySource {
  private answer: Promise<Buffer> | undefined;

  constructor(private readonly inner: KeySource) {
    super();
  }

  read(uri: string, signal: AbortSignal): Promise<Buffer> {
    this.answer ??= this.inner.read(uri, signal);
    return this.answer;
  }
}

describe('HttpKeySource', () => {
  it.each(Object.entries(keySourceContract))('%s', async (_title, check) => {
    const clock = new FakeClock();
    await check(subjectOf(new HttpKeySource(clock), clock));
  });
});

/** The check fails, or does not come to an end. */
const breaks = async (title: string, source: KeySource, clock: FakeClock): Promise<boolean> => {
  const check = keySourceContract[title]?.(subjectOf(source, clock)) ?? Promise.resolve();
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, true));
  return Promise.race([check.then(() => false).catch(() => true), late]);
};

describe('the contract catches a source that', () => {
  it.each([
    ['takes whatever it gets', 'takes no error for an answer'],
    ['takes nothing for something', 'takes no empty success for an answer'],
    ['goes where it is sent', 'follows no redirect'],
    ['goes there for good', 'follows no redirect for good'],
    ['reads to the end', 'reads no answer of megabytes'],
    ['waits for ever', 'waits a few seconds for the first byte'],
    ['waits for ever in the middle', 'waits a few seconds for the last byte'],
    ['does not listen', 'ends when it is told to'],
  ])('%s', async (_why, title) => {
    expect(await breaks(title, new TrustingSource(), new FakeClock())).toBe(true);
  });

  it('remembers', async () => {
    const clock = new FakeClock();
    expect(await breaks('asks anew every time', new RememberingSource(new HttpKeySource(clock)), clock)).toBe(true);
  });
});
