import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { Sql } from '#src/storage/index.js';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { briefOf, codeOf, recordsOf, replayed, runsOf, send } from '../support/repeats.ts';

interface Published {
  readonly paths: Readonly<
    Record<
      string,
      { readonly post?: { readonly parameters?: readonly { name: string }[]; readonly responses: object } }
    >
  >;
}

const DRAFT = '/assist/draft-graph';
const withKey = (key: string = randomUUID()) => ({ 'idempotency-key': key });

describe('a POST with an Idempotency-Key', () => {
  let server: TestApp;
  let url: string;
  beforeAll(async () => {
    server = await startApp({ env: { RATE_LIMIT_RPM: '100000' } });
    url = await server.listen();
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  it('is carried out once; its repeat gets the same bytes in an exchange of its own', async () => {
    const key = withKey();
    const before = await runsOf(server);
    const first = await send(url + DRAFT, briefOf('Same'), key);
    const again = await send(url + DRAFT, briefOf('Same'), key);
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
    expect([replayed(first), replayed(again)]).toEqual([false, true]);
    for (const same of ['content-type', 'x-countersign-response-hash']) {
      expect([same, again.headers.get(same)]).toEqual([same, first.headers.get(same)]);
    }
    for (const own of ['x-request-id', 'x-trace-id']) expect(again.headers.get(own)).not.toBe(first.headers.get(own));
    expect(again.headers.get('strict-transport-security')).not.toBeNull();
    expect(await runsOf(server)).toBe(before + 1);
  });

  it('sent fifty times at once is carried out once: forty-nine are replays', async () => {
    const key = withKey();
    const before = await runsOf(server);
    const all = await Promise.all(Array.from({ length: 50 }, () => send(url + DRAFT, briefOf('Fifty'), key)));
    expect(new Set(all.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect([all[0]?.status, all.filter(replayed).length]).toEqual([200, 49]);
    expect(await runsOf(server)).toBe(before + 1);
  });

  it('with another body is refused, and must not be tried again', async () => {
    const key = withKey();
    await send(url + DRAFT, briefOf('One'), key);
    const other = await send(url + DRAFT, briefOf('Other'), key);
    expect([other.status, codeOf(other), other.headers.get('x-should-retry')]).toEqual([
      422,
      'IDEMPOTENCY_KEY_REUSED',
      'false',
    ]);
  });

  it('is told from one with the same words in other bytes', async () => {
    const key = withKey();
    await send(url + DRAFT, briefOf('Bytes'), key);
    expect((await send(url + DRAFT, briefOf('Bytes').replace(':', ': '), key)).status).toBe(422);
  });

  it.each([
    ['another tenant', keys.foreign],
    ['another principal of the tenant', keys.user2],
  ])('has nothing to do with the same key of %s', async (_who, key) => {
    const shared = withKey();
    const own = await send(url + DRAFT, briefOf('Shared'), shared);
    const theirs = await send(url + DRAFT, briefOf('Theirs'), { ...shared, ...bearer(key) });
    expect([own.status, theirs.status, replayed(theirs)]).toEqual([200, 200, false]);
    expect(replayed(await send(url + DRAFT, briefOf('Theirs'), { ...shared, ...bearer(key) }))).toBe(true);
    expect(replayed(await send(url + DRAFT, briefOf('Shared'), shared))).toBe(true);
  });

  it('has nothing to do with the same key on another route', async () => {
    const shared = { ...withKey(), ...bearer(keys.admin) };
    const key = JSON.stringify({ name: 'one', kind: 'api', roles: ['user'] });
    expect((await send(`${url}/v1/keys`, key, shared)).status).toBe(201);
    const drafted = await send(url + DRAFT, briefOf('Route'), shared);
    expect([drafted.status, replayed(drafted)]).toEqual([200, false]);
  });

  it('creates one API key, and answers its secret to nobody but the sender of the same request', async () => {
    const admin = { ...withKey(), ...bearer(keys.admin) };
    const body = JSON.stringify({ name: 'once', kind: 'api', roles: ['user'] });
    const [first, again] = [await send(`${url}/v1/keys`, body, admin), await send(`${url}/v1/keys`, body, admin)];
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    const list = await fetch(`${url}/v1/keys?limit=100`, { headers: bearer(keys.admin) });
    const { data } = (await list.json()) as { data: { name: string }[] };
    expect(data.filter(({ name }) => name === 'once')).toHaveLength(1);
  });

  it('for one thing is not answered with what was done to another', async () => {
    const admin = bearer(keys.admin);
    const body = JSON.stringify({ name: 'turned', kind: 'api', roles: ['user'] });
    const ids = await Promise.all(
      [1, 2].map(async () => (JSON.parse((await send(`${url}/v1/keys`, body, admin)).text) as { id: string }).id),
    );
    const key = { ...withKey(), ...admin };
    const [one, other] = [
      await send(`${url}/v1/keys/${ids[0]}/rotate`, '{}', key),
      await send(`${url}/v1/keys/${ids[1]}/rotate`, '{}', key),
    ];
    expect([one.status, other.status, codeOf(other)]).toEqual([200, 422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('that is invalid is answered the same again', async () => {
    const key = withKey();
    const [first, again] = [
      await send(url + DRAFT, '{"brief":"x"}', key),
      await send(url + DRAFT, '{"brief":"x"}', key),
    ];
    expect([first.status, again.status, replayed(again), again.text]).toEqual([400, 400, true, first.text]);
  });

  it('without a body is a request like any other', async () => {
    const admin = { ...bearer(keys.admin) };
    const created = await send(`${url}/v1/keys`, '{"name":"empty","kind":"api","roles":["user"]}', admin);
    const { id } = JSON.parse(created.text) as { id: string };
    const key = { ...withKey(), ...admin };
    const rotate = `${url}/v1/keys/${id}/rotate`;
    const [first, again] = [await send(rotate, undefined, key), await send(rotate, undefined, key)];
    expect([first.status, again.text, replayed(again)]).toEqual([200, first.text, true]);
    expect((await send(rotate, '{}', key)).status).toBe(422);
  });

  it('is refused like any other without a credential or a scope, and that is not remembered', async () => {
    const key = withKey();
    const before = await recordsOf(server);
    const nobody = await send(url + DRAFT, briefOf('Nobody'), { ...key, authorization: '' });
    const auditor = await send(url + DRAFT, briefOf('Nobody'), { ...key, ...bearer(keys.auditor) });
    expect([nobody.status, auditor.status]).toEqual([401, 403]);
    expect(await recordsOf(server)).toBe(before);
  });

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['two words', 'two words'],
    ['not ASCII', 'cl\u00e9'],
    ['with a tab', 'a\tb'],
  ])('is refused when the key is %s', async (_what, key) => {
    const refused = await send(url + DRAFT, briefOf('Key'), withKey(key));
    expect([refused.status, codeOf(refused)]).toEqual([400, 'BAD_INPUT']);
    expect(refused.text).toContain('Idempotency-Key');
  });

  it('is documented and checked on every route that knows its caller', async () => {
    const document = (await (await fetch(`${url}/documentation/json`)).json()) as Published;
    const posts = Object.entries(document.paths).flatMap(([path, { post }]) =>
      post === undefined ? [] : [{ path, post }],
    );
    expect(posts.length).toBeGreaterThan(4);
    for (const { path, post } of posts) {
      const documented = post.parameters?.filter(({ name }) => name === 'Idempotency-Key').length;
      // What changes nothing is safe to repeat without a key.
      expect([path, documented]).toEqual([path, 'x-reads-only' in post ? 0 : 1]);
      if (documented === 1) expect(Object.keys(post.responses)).toEqual(expect.arrayContaining(['409', '422']));
      const owner = { ...bearer(keys.foreign), 'idempotency-key': 'two words' };
      const refused = await send(url + path.replace(/\{\w+\}/g, 'x'), undefined, owner);
      expect([path, refused.status, refused.text.includes('Idempotency-Key')]).toEqual([path, 400, true]);
    }
  });

  it('keeps neither key nor request nor answer in clear', async () => {
    const key = 'a-key-that-stands-in-no-row';
    await send(url + DRAFT, briefOf('Zanzibar'), withKey(key));
    const dump = await server.app.get(Sql).system(async (tx) => {
      const rows = await tx
        .select({ row: sql<string>`idempotency_records::text || encode(coalesce(answer, ''), 'escape')` })
        .from(sql`idempotency_records`);
      return rows.map(({ row }) => row).join('\n');
    });
    expect(dump.length).toBeGreaterThan(1_000);
    expect(dump).not.toMatch(/a-key-that-stands|Zanzibar|draft-graph/);
  });
});
