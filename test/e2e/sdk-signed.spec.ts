import { describe, expect, it } from '@jest/globals';
import { Countersign } from '#libs/sdk/index.js';
import { keys, startApp } from '../support/app.ts';
import { SECRET, SIGNING_ENV } from '../support/signed-request.ts';

const BRIEF = 'Should our clinic open on Saturdays? Staff costs would rise by 12%, but waiting times could fall.';

describe('a client that signs', () => {
  it('calls, pages and streams without ever sending its secret', async () => {
    await using server = await startApp({ env: SIGNING_ENV });
    const baseURL = await server.listen();
    const sent: string[] = [];
    const fetch = (url: string, init: RequestInit): Promise<Response> => {
      sent.push(JSON.stringify(init.headers));
      return globalThis.fetch(url, init);
    };
    const client = new Countersign({ baseURL, hmacSecret: SECRET, fetch });
    await client.keys.create({ name: 'Zürich', kind: 'api', roles: ['user'] });
    const { data } = await client.keys.list({ limit: 5 });
    expect(data.map(({ name }) => name)).toEqual(['Zürich']);
    const { graph } = await client.drafts.stream({ brief: BRIEF }).finalDraft();
    expect(graph.nodes.length).toBeGreaterThan(1);
    expect(sent).not.toHaveLength(0);
    expect(sent.filter((headers) => headers.includes(SECRET) || /authorization/i.test(headers))).toEqual([]);
  });

  it('signs with a key that was made over the API, under the prefix of its choice', async () => {
    await using server = await startApp({});
    const baseURL = await server.listen();
    const admin = new Countersign({ baseURL, apiKey: keys.admin });
    const { id, secret } = await admin.keys.create({ name: 'signer', kind: 'hmac', roles: ['admin'] });
    const signer = new Countersign({ baseURL, hmacSecret: secret, keyId: id, headerPrefix: 'X-Olumi', maxRetries: 0 });
    expect((await signer.keys.list()).data.map((key) => key.id)).toEqual([id]);
    await admin.keys.revoke(id);
    await expect(signer.keys.list()).rejects.toMatchObject({ status: 401, code: 'NO_SECRET' });
  });
});
