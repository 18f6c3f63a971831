import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { diffEvents, type KeySet, type StreamEvent, verifyStream } from '#libs/sse/index.js';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { isFinished, readStream, tokenOf } from '../support/stream-client.ts';

/** First seeds of batches: 500 cuts in all. */
const BATCHES = [0, 100, 200, 300, 400];
const CUTS = 100;
const READERS = 3;
const AT_ONCE = 10;

const json = { ...bearer(keys.user), 'content-type': 'application/json' };

/** Another brief a round, so that streams differ in length. */
const briefOf = (round: number): string =>
  `Should district ${round} keep its library open on Sundays? ${'Rent would rise by 12% because heating costs more. '.repeat(round % 9)}We could also lend books by post. The risk is that fewer children come.`;

/** A linear congruential generator: the cut points of a failing round can be had again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe.each(['memory', 'redis'] as const)('a stream on the %s log', (store) => {
  let redis: RedisServer | undefined;
  let server: TestApp;
  let url = '';
  let keySet: KeySet;

  beforeAll(async () => {
    redis = store === 'redis' ? await startRedis() : undefined;
    server = await startApp({ env: { LOG_LEVEL: 'warn', ...(redis === undefined ? {} : { REDIS_URL: redis.url }) } });
    url = await server.listen();
    keySet = (await (await fetch(`${url}/.well-known/countersign-keys.json`)).json()) as KeySet;
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  /** Resumes from what was received, cutting again and again, until the last event is there. */
  async function resume(received: StreamEvent[], next: () => number): Promise<StreamEvent[]> {
    while (!isFinished(received)) {
      const token = tokenOf(received);
      const headers = {
        ...bearer(keys.user),
        'x-resume-token': token ?? '',
        'last-event-id': String(received.at(-1)?.seq ?? 0),
      };
      const cut = next() < 0.5 ? Math.ceil(next() * 4_000) : Number.POSITIVE_INFINITY;
      received.push(
        ...(await readStream(`${url}/assist/draft-graph/resume`, { method: 'POST', headers }, { cutAfterBytes: cut }))
          .events,
      );
    }
    return received;
  }

  /** One stream, cut at a random byte, and three readers at once that go on from there; then an uninterrupted control. */
  async function round(number: number): Promise<void> {
    const next = random(number);
    const init = { method: 'POST', headers: json, body: JSON.stringify({ brief: briefOf(number) }) };
    let first = await readStream(`${url}/assist/draft-graph/stream`, init, {
      cutAfterBytes: 900 + Math.ceil(next() * 12_000),
    });
    while (tokenOf(first.events) === undefined && !isFinished(first.events)) {
      first = await readStream(`${url}/assist/draft-graph/stream`, init, {
        cutAfterBytes: 900 + Math.ceil(next() * 12_000),
      });
    }
    const copies = await Promise.all(Array.from({ length: READERS }, () => resume([...first.events], next)));
    const control = await readStream(`${url}/v1/streams/${first.streamId}/events`, { headers: bearer(keys.user) });
    for (const copy of copies) expect(diffEvents(copy, control.events)).toBeUndefined();
    expect(control.events.map(({ seq }) => seq)).toEqual(control.events.map((_event, at) => at + 1));
    expect(await verifyStream(first.streamId, control.events, keySet)).toMatchObject({ valid: true });
  }

  it.each(BATCHES)(
    `is the same for ${READERS} readers after each of ${CUTS} cuts at random bytes, from seed %i`,
    async (seed) => {
      for (let start = seed; start < seed + CUTS; start += AT_ONCE) {
        await Promise.all(Array.from({ length: AT_ONCE }, (_none, at) => round(start + at)));
      }
    },
  );

  it('is proven: an altered, dropped, swapped or repeated event is noticed and named', async () => {
    const init = { method: 'POST', headers: json, body: JSON.stringify({ brief: briefOf(3) }) };
    const { events, streamId } = await readStream(`${url}/assist/draft-graph/stream`, init);
    const middle = Math.floor(events.length / 2);
    const at = (index: number): StreamEvent => events[index] ?? { seq: 0, event: '', data: '' };
    const altered = events.with(middle, { ...at(middle), data: at(middle).data.replace('{', '{ ') });
    const dropped = events.toSpliced(middle, 1);
    const swapped = events.with(middle, at(middle + 1)).with(middle + 1, at(middle));
    const repeated = events.toSpliced(middle, 0, at(middle));

    expect(await verifyStream(streamId, events, keySet)).toMatchObject({ valid: true });
    expect(await verifyStream(streamId, altered, keySet)).toEqual({ valid: false, reason: 'root_mismatch' });
    expect(diffEvents(altered, events)).toEqual({ seq: middle + 1, kind: 'altered' });
    expect(await verifyStream(streamId, dropped, keySet)).toEqual({ valid: false, reason: 'hole', seq: middle + 1 });
    expect(await verifyStream(streamId, swapped, keySet)).toMatchObject({
      valid: false,
      reason: 'hole',
      seq: middle + 1,
    });
    expect(await verifyStream(streamId, repeated, keySet)).toEqual({
      valid: false,
      reason: 'duplicate',
      seq: middle + 1,
    });
  });
});
