import { describe, expect, it } from '@jest/globals';
import { type Answer, decodeAnswer, encodeAnswer, isLasting, keptHeaders } from './answer.policy.js';

const every = Uint8Array.from({ length: 256 }, (_, at) => at);
const answer: Answer = { status: 201, headers: { 'content-type': 'x/ÿ' }, body: every, streamId: undefined };

describe('an answer that is kept', () => {
  it.each([200, 201, 202, 204, 400, 404, 409, 410, 422, 423])('may have the status %d', (status) => {
    expect(isLasting(status)).toBe(true);
  });

  it.each([401, 403, 426, 429, 499, 500, 502, 503, 504, 599])('has not the status %d', (status) => {
    expect(isLasting(status)).toBe(false);
  });

  it('comes back byte by byte', () => {
    const { body, ...rest } = decodeAnswer(encodeAnswer(answer, 256));
    expect({ ...rest, body: [...(body ?? [])] }).toEqual({ ...answer, body: [...every] });
  });

  it('knows an empty body from none', () => {
    expect(decodeAnswer(encodeAnswer({ ...answer, body: new Uint8Array() }, 0)).body).toHaveLength(0);
    expect(decodeAnswer(encodeAnswer({ ...answer, body: undefined, streamId: 'strm_1' }, 9))).toMatchObject({
      body: undefined,
      streamId: 'strm_1',
    });
  });

  it('is remembered without its body when that is too large', () => {
    const encoded = encodeAnswer(answer, 255);
    expect(decodeAnswer(encoded)).toEqual({ ...answer, body: undefined });
    expect(encoded.length).toBeLessThan(255);
  });

  it('keeps the headers of the answer, and none of the exchange', () => {
    expect(
      keptHeaders({
        'content-type': 'application/json',
        location: '/v1/x',
        'x-request-id': 'r',
        'x-trace-id': 't',
        'x-ratelimit-remaining-requests': '3',
        'retry-after': 1,
        connection: 'close',
      }),
    ).toEqual({ 'content-type': 'application/json', location: '/v1/x' });
  });
});
