import { describe, expect, it } from '@jest/globals';
import { requestIdOf, traceIdOf } from './response-headers.policy.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('request id', () => {
  it.each(['client-7', 'A'.repeat(128), '0123.4_5-'])('a well-formed one is kept: %s', (id) => {
    expect(requestIdOf(id)).toBe(id);
  });

  it.each([undefined, 'short', 'A'.repeat(129), 'with space', 'line\nbreak-123', 'ümlaut-id', ''])(
    'anything else is replaced: %j',
    (id) => {
      expect(requestIdOf(id)).toMatch(UUID);
    },
  );
});

describe('trace id', () => {
  it('comes from a valid traceparent', () => {
    expect(traceIdOf(`00-${TRACE}-00f067aa0ba902b7-01`)).toBe(TRACE);
  });

  it('comes from a later version of traceparent too', () => {
    expect(traceIdOf(`cc-${TRACE}-00f067aa0ba902b7-01-what-the-future-brings`)).toBe(TRACE);
  });

  it.each([
    undefined,
    '',
    TRACE,
    `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-00f067aa0ba902b7-01`,
    `00-${TRACE}-00f067aa0ba902b7-01-extra`,
  ])('is new for %s', (header) => {
    const made = traceIdOf(header);
    expect(made).toMatch(/^[0-9a-f]{32}$/);
    expect(made).not.toBe(TRACE);
  });
});
