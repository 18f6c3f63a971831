import { describe, expect, it } from '@jest/globals';
import { chooseAnswer, wantsEventStream } from './accept.policy.js';

describe('a caller', () => {
  it.each([
    ['text/event-stream'],
    ['Text/Event-Stream'],
    ['text/event-stream;charset=utf-8'],
    ['text/event-stream, */*;q=0.1'],
    ['application/json;q=0.5, text/event-stream'],
    ['application/json;q=0, text/event-stream;q=0.1, */*'],
  ])('that accepts %s wants an event stream', (accept) => {
    expect(wantsEventStream(accept)).toBe(true);
  });

  it.each([
    [undefined],
    [''],
    ['*/*'],
    ['application/json'],
    ['application/json, text/event-stream'],
    ['text/event-stream;q=0.5, application/json'],
    ['text/event-stream;q=0'],
    ['text/event-stream;q=x'],
    ['text/event-streams'],
  ])('that accepts %s takes JSON', (accept) => {
    expect(wantsEventStream(accept)).toBe(false);
  });

  it('that wants a stream where JSON is answered is told where to get one', () => {
    const asking = (accept: string) => ({ headers: { accept } });
    expect(() => chooseAnswer(asking('text/event-stream'), 'json_only')).toThrow(
      expect.objectContaining({
        code: 'RESUME_UNAVAILABLE',
        message: expect.stringContaining('/assist/draft-graph/stream'),
      }),
    );
    expect(chooseAnswer(asking('text/event-stream'), 'legacy_streams')).toBe('stream');
    expect(chooseAnswer(asking('application/json'), 'legacy_streams')).toBe('json');
  });
});
