import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { extendHash, initialHash, type StreamEvent, toHex } from '#libs/sse/index.js';
import { RollingHash } from './rolling-hash.js';

async function webRoot(streamId: string, events: readonly StreamEvent[]): Promise<string> {
  let state = await initialHash(streamId);
  for (const event of events) state = await extendHash(state, event);
  return toHex(state);
}

describe('the rolling hash', () => {
  it('is the same in the service and in a browser, for any events', async () => {
    const data = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('ü'.repeat(20_000)));
    const event = fc.record({ seq: fc.nat(), event: fc.string(), data });
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.array(event, { maxLength: 5 }), async (streamId, events) => {
        const hash = RollingHash.of(streamId);
        for (const each of events) hash.extend(each);
        expect(hash.root).toBe(await webRoot(streamId, events));
      }),
      { numRuns: 50 },
    );
  });

  it('goes on from a stored state', async () => {
    const [first, second] = [1, 2].map((seq) => ({ seq, event: 'stage', data: '{}' }));
    if (first === undefined || second === undefined) throw new Error('two events expected');
    const begun = RollingHash.of('strm_1');
    begun.extend(first);
    const resumed = RollingHash.from(begun.state);
    resumed.extend(second);
    expect(resumed.root).toBe(await webRoot('strm_1', [first, second]));
  });
});
