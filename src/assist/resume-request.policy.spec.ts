import { describe, expect, it } from '@jest/globals';
import { readResumeRequest } from './resume-request.policy.js';

const prefixes = ['X-Countersign', 'X-Olumi'];
const read = (headers: Record<string, string>) => readResumeRequest(headers, prefixes);

describe('a request to resume', () => {
  it.each([
    [{ 'x-resume-token': 't' }, { token: 't', lastEventId: undefined, live: true }],
    [{ 'x-countersign-resume-token': 't' }, { token: 't', lastEventId: undefined, live: true }],
    [
      { 'x-olumi-resume-token': 't', 'last-event-id': '12' },
      { token: 't', lastEventId: 12, live: true },
    ],
    [
      { 'x-resume-token': 't', 'x-olumi-resume-token': 't', 'last-event-id': '' },
      { token: 't', lastEventId: undefined, live: true },
    ],
    [
      { 'x-resume-token': 't', 'x-resume-mode': 'replay' },
      { token: 't', lastEventId: undefined, live: false },
    ],
    [
      { 'x-resume-token': 't', 'x-resume-mode': 'live', 'last-event-id': '0' },
      { token: 't', lastEventId: 0, live: true },
    ],
  ])('with %j is understood', (headers, expected) => {
    expect(read(headers)).toEqual(expected);
  });

  it.each([
    [{}, 'RESUME_TOKEN_MISSING'],
    [{ 'x-resume-token': '' }, 'RESUME_TOKEN_MISSING'],
    [{ 'x-other-resume-token': 't' }, 'RESUME_TOKEN_MISSING'],
    [{ 'x-resume-token': 't', 'x-olumi-resume-token': 'u' }, 'AMBIGUOUS_CREDENTIALS'],
    [{ 'x-resume-token': 't', 'last-event-id': '-1' }, 'BAD_INPUT'],
    [{ 'x-resume-token': 't', 'last-event-id': '1.5' }, 'BAD_INPUT'],
    [{ 'x-resume-token': 't', 'last-event-id': '9'.repeat(16) }, 'BAD_INPUT'],
    [{ 'x-resume-token': 't', 'x-resume-mode': 'Replay' }, 'BAD_INPUT'],
  ])('with %j is refused', (headers, code) => {
    expect(() => read(headers)).toThrow(expect.objectContaining({ code }));
  });
});
