import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { verify } from '#libs/signing/index.js';
import { Countersign } from './client.js';
import { credentialOf } from './credential.js';
import { FakeTime } from './testing/fake-time.js';

const SECRET = 'secret-of-the-sdk-tests';
const time = new FakeTime();
const baseURL = 'https://service.test';
const request = {
  method: 'POST',
  url: new URL('https://service.test/below/v1/keys?a=%2F&b'),
  body: '{"name":"Grüße"}',
};
const signing = (options: { readonly keyId?: string }) =>
  credentialOf({ baseURL, hmacSecret: SECRET, ...options }, { headerPrefix: 'X-Olumi', time });

describe('a signed request', () => {
  it('carries what a verifier needs, and not the secret', async () => {
    const headers = await signing({ keyId: 'key_1' })(request);
    const { 'X-Olumi-Signature': signature, 'X-Olumi-Timestamp': timestamp, 'X-Olumi-Nonce': nonce, ...rest } = headers;
    const sent = { method: 'POST', target: '/below/v1/keys?a=%2F&b', body: request.body };
    const window = { now: time.now(), maxSkewMs: 0 };
    expect(verify(sent, { signature, timestamp, nonce }, [SECRET], window).ok).toBe(true);
    expect(rest).toEqual({ 'X-Olumi-Key-Id': 'key_1' });
  });

  it('is signed anew for every attempt', async () => {
    const credential = signing({});
    expect(await credential(request)).not.toEqual(await credential(request));
  });
});

describe('a secret', () => {
  it('is not shown when the client is printed', () => {
    const client = new Countersign({ baseURL, hmacSecret: SECRET });
    expect(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client)).not.toContain(SECRET);
  });

  it.each([
    ['hmacSecret', { hmacSecret: '' }],
    ['keyId', { hmacSecret: SECRET, keyId: 'a\nb' }],
    ['apiKey', {}],
  ])('that cannot be used is refused by the name %s', (name, options) => {
    expect(() => new Countersign({ baseURL, ...options })).toThrow(new RegExp(`^${name} `));
  });
});
