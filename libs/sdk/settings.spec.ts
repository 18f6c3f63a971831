import { describe, expect, it } from '@jest/globals';
import { Countersign } from './client.js';
import type { ClientOptions } from './settings.js';

const good: ClientOptions = { baseURL: 'https://service.test', apiKey: 'cs_key_secret' };

describe('options', () => {
  it.each<readonly [string, Partial<ClientOptions>]>([
    ['baseURL', { baseURL: 'service.test' }],
    ['baseURL', { baseURL: 'ftp://service.test' }],
    ['baseURL', { baseURL: 'https://user:secret@service.test' }],
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: 'with\nnewline' }],
    ['apiKey', { apiKey: 'schlüssel' }],
    ['hmacSecret', { hmacSecret: 'beside a key' }],
    ['keyId', { keyId: 'key_1' }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['timeoutMs', { timeoutMs: Number.NaN }],
    ['maxRetries', { maxRetries: -1 }],
    ['maxRetries', { maxRetries: 1.5 }],
    ['headerPrefix', { headerPrefix: 'Countersign' }],
    ['headerPrefix', { headerPrefix: 'X-a\r\nb' }],
    ['verifyResponses', { verifyResponses: 'sometimes' as 'off' }],
    ['reconnect.maxAttempts', { reconnect: { maxAttempts: -1 } }],
    ['reconnect.idleTimeoutMs', { reconnect: { idleTimeoutMs: Number.POSITIVE_INFINITY } }],
  ])('a bad %s is refused by name, %j', (name, bad) => {
    expect(() => new Countersign({ ...good, ...bad })).toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(new RegExp(`^${name} `)) }),
    );
  });

  it('a refusal never quotes the key', () => {
    expect(() => new Countersign({ ...good, apiKey: 'secret\nsecret' })).toThrow(/^(?!.*secret)/);
  });
});
