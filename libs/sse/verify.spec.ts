import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Receipt, receiptOf } from './receipt.js';
import { hashedText, type StreamEvent, signedText } from './rolling-hash.js';
import { diffEvents, verifyReceipt, verifyStream } from './verify.js';

const STREAM = 'strm_0190c0de-0000-7000-8000-000000000001';
const pair = generateKeyPairSync('ed25519');
const jwk = pair.publicKey.export({ format: 'jwk' });
const KEYS = { keys: [{ kid: 'key-1', kty: 'OKP', crv: 'Ed25519', x: jwk.x ?? '' }] };

const event = (seq: number, data: unknown, name = 'stage'): StreamEvent => ({
  seq,
  event: name,
  data: JSON.stringify(data),
});
const EVENTS = [event(1, { stage: 'DRAFTING' }), event(2, { token: 'ü' }, 'resume'), event(3, { n: 3 })];

/** The wire contract's formula, written a second time. */
function receiptFor(events: readonly StreamEvent[]): Receipt {
  const root = events
    .reduce(
      (hash, each) => createHash('sha256').update(hash).update(hashedText(each)).digest(),
      createHash('sha256').update(STREAM).digest(),
    )
    .toString('hex');
  const signature = sign(undefined, Buffer.from(signedText(STREAM, events.length, root)), pair.privateKey);
  return { count: events.length, root, key_id: 'key-1', signature: signature.toString('base64url') };
}

const RECEIPT = receiptFor(EVENTS);
const verdictOn = (events: readonly StreamEvent[], receipt = RECEIPT, keys = KEYS) =>
  verifyReceipt(STREAM, events, receipt, keys);

describe('a receipt', () => {
  it('proves the events it was made for', async () => {
    expect(await verdictOn(EVENTS)).toEqual({ valid: true, count: 3 });
  });

  it('names the first missing event', async () => {
    expect(await verdictOn(EVENTS.toSpliced(1, 1))).toEqual({ valid: false, reason: 'hole', seq: 2 });
  });

  it('names the first repeated event', async () => {
    expect(await verdictOn([...EVENTS.slice(0, 2), ...EVENTS.slice(1)])).toEqual({
      valid: false,
      reason: 'duplicate',
      seq: 2,
    });
  });

  it('says how many events are missing at the end', async () => {
    expect(await verdictOn(EVENTS.slice(0, 2))).toEqual({
      valid: false,
      reason: 'count_mismatch',
      expected: 3,
      received: 2,
    });
  });

  it.each([0, 1, 2])('notices that event %i was altered', async (at) => {
    expect(await verdictOn(EVENTS.with(at, event(at + 1, { forged: true })))).toEqual({
      valid: false,
      reason: 'root_mismatch',
    });
  });

  it('notices an event whose name alone was altered', async () => {
    const renamed = EVENTS.with(2, event(3, { n: 3 }, 'other'));
    expect(await verdictOn(renamed)).toMatchObject({ reason: 'root_mismatch' });
  });

  it('says which events were trimmed', async () => {
    const trimmed = [event(2, { from_seq: 1, to_seq: 2, reason: 'trimmed' }, 'gap'), event(3, { n: 3 })];
    expect(await verdictOn(trimmed)).toEqual({ valid: false, reason: 'trimmed', seq: 1 });
  });

  it('of another stream is refused', async () => {
    expect(await verifyReceipt('strm_other', EVENTS, RECEIPT, KEYS)).toMatchObject({ reason: 'root_mismatch' });
  });

  it('signed by an unknown key is refused', async () => {
    expect(await verdictOn(EVENTS, RECEIPT, { keys: [] })).toEqual({ valid: false, reason: 'unknown_key' });
  });

  it.each([
    ['altered', `${RECEIPT.signature.startsWith('A') ? 'B' : 'A'}${RECEIPT.signature.slice(1)}`],
    ['no base64url', '***'],
    ['empty', ''],
  ])('whose signature is %s is refused', async (_what, signature) => {
    expect(await verdictOn(EVENTS, { ...RECEIPT, signature })).toEqual({ valid: false, reason: 'signature_invalid' });
  });

  it('whose count and root were replaced together is refused by its signature', async () => {
    const shorter = EVENTS.slice(0, 2);
    const forged = { ...receiptFor(shorter), signature: RECEIPT.signature };
    expect(await verdictOn(shorter, forged)).toMatchObject({ reason: 'signature_invalid' });
  });

  it.each(['', 'null', '{}', '{"receipt":{"count":-1}}', '{"receipt":{"count":1,"root":"zz"}}', '[]'])(
    'is not found in %j',
    (data) => {
      expect(receiptOf(data)).toBeUndefined();
    },
  );
});

describe('a whole stream', () => {
  const covered = [...EVENTS, event(4, { stage: 'COMPLETE', payload: { answer: 42 } })];
  const ended = (payload: unknown, seq = 5) => [
    ...covered,
    event(seq, { payload, receipt: receiptFor(covered) }, 'complete'),
  ];

  it('is valid with its terminal event', async () => {
    expect(await verifyStream(STREAM, ended({ answer: 42 }), KEYS)).toEqual({ valid: true, count: 4 });
  });

  it('whose last payload is not the one the hash covers is refused', async () => {
    expect(await verifyStream(STREAM, ended({ answer: 43 }), KEYS)).toMatchObject({
      reason: 'payload_mismatch',
      seq: 5,
    });
  });

  it('whose terminal event is out of place is refused', async () => {
    expect(await verifyStream(STREAM, ended({ answer: 42 }, 7), KEYS)).toMatchObject({ reason: 'hole', seq: 7 });
  });

  it('without a terminal event is unfinished', async () => {
    expect(await verifyStream(STREAM, covered, KEYS)).toEqual({ valid: false, reason: 'unfinished' });
  });

  it('without a receipt proves nothing', async () => {
    const bare = [...EVENTS, event(4, {}, 'error')];
    expect(await verifyStream(STREAM, bare, KEYS)).toEqual({ valid: false, reason: 'receipt_missing' });
  });
});

describe('two copies of a stream', () => {
  it('differ nowhere when they are equal', () => {
    expect(diffEvents(EVENTS, [...EVENTS])).toBeUndefined();
  });

  it.each([
    ['altered', EVENTS.with(1, event(2, 'forged')), 2],
    ['missing', EVENTS.toSpliced(1, 1), 2],
    ['missing', EVENTS.slice(0, 2), 3],
    ['extra', [...EVENTS, event(4, 'more')], 4],
  ])('show the first %s event', (kind, copy, seq) => {
    expect(diffEvents(copy, EVENTS)).toEqual({ seq, kind });
  });
});
