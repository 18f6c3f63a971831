import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { KeySource } from '#src/auth/jwt/key-source.port.js';
import type { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

/** A source, and an address whose answers the check decides. */
export interface KeySourceSubject {
  readonly source: KeySource;
  readonly clock: FakeClock;
  readonly uri: string;
  /** Another address of the same server, which answers with {@link ELSEWHERE}. */
  readonly elsewhere: string;
  readonly requests: readonly string[];
  respond(how: (response: ServerResponse) => void): void;
}

export const ELSEWHERE = '{"keys":["elsewhere"]}';
const LONG_MS = 10_000;
const LARGE_BYTES = 4 * 1_048_576;

const fetched = ({ source, uri }: KeySourceSubject, signal = new AbortController().signal): Promise<Buffer> =>
  source.read(uri, signal);

const answersWith =
  (status: number, headers: Readonly<Record<string, string>> = {}) =>
  async (subject: KeySourceSubject): Promise<void> => {
    subject.respond((response) => response.writeHead(status, headers).end(ELSEWHERE));
    await assert.rejects(fetched(subject));
  };

const redirects =
  (status: number) =>
  async (subject: KeySourceSubject): Promise<void> => {
    await answersWith(status, { location: subject.elsewhere })(subject);
    assert.equal(subject.requests.length, 1);
  };

/** Rejects soon after the clock moved on, whatever the server does. */
async function rejectsInTime(subject: KeySourceSubject): Promise<void> {
  const answer = assert.rejects(fetched(subject));
  await until('the request arrives', () => subject.requests.length > 0);
  await subject.clock.advance(LONG_MS);
  await answer;
}

export const keySourceContract: Readonly<Record<string, (subject: KeySourceSubject) => Promise<void>>> = {
  'gives the bytes as they were published': async (subject) => {
    subject.respond((response) => response.end('{"keys":[ ]}\n'));
    assert.equal((await fetched(subject)).toString(), '{"keys":[ ]}\n');
  },
  'asks anew every time': async (subject) => {
    subject.respond((response) => response.setHeader('cache-control', 'max-age=600').end('{}'));
    await fetched(subject);
    await fetched(subject);
    assert.equal(subject.requests.length, 2);
  },
  'takes no error for an answer': answersWith(500),
  'takes no empty success for an answer': answersWith(204),
  'follows no redirect': redirects(302),
  'follows no redirect for good': redirects(308),
  'reads no answer of megabytes': async (subject) => {
    subject.respond((response) => response.end(Buffer.alloc(LARGE_BYTES, 0x20)));
    await assert.rejects(fetched(subject));
  },
  'waits a few seconds for the first byte': async (subject) => {
    subject.respond(() => undefined);
    await rejectsInTime(subject);
  },
  'waits a few seconds for the last byte': async (subject) => {
    subject.respond((response) => response.write('{"keys":['));
    await rejectsInTime(subject);
  },
  'ends when it is told to': async (subject) => {
    const stop = new AbortController();
    subject.respond(() => stop.abort());
    await assert.rejects(fetched(subject, stop.signal));
  },
};
