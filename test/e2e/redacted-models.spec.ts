import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { Sql } from '#src/storage/index.js';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { quoteFaults } from '../support/documents-checker.ts';
import { eventsOf } from '../support/drafts.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { answering, calling, drafting, standard } from '../support/scripted-upstream-scripts.ts';

const CARD = '4111 1111 1111 1111';
const SECRET = /canary|4111.?1111|555-?2671/i;
const mail = (place: string): string => `canary-${place}@example.com`;

/** Every place of a request that takes words has some that must not pass. */
const draftOf = (mark: string) => ({
  brief: `Should Ada (${mail(`${mark}brief`)}, card ${CARD}) open on Sundays, or stay open longer on weekday evenings? Case ${mark}.`,
  constraints: { [mail(`${mark}name`)]: mail(`${mark}constraint`) },
  flags: { [mail(`${mark}flag`)]: true },
  attachments: [
    { id: 'note', kind: 'txt', name: `${mail(`${mark}file`)}.txt` },
    { id: 'table', kind: 'csv', name: 'table.csv' },
  ],
  attachment_payloads: {
    note: { data: `Sundays suit families. Ask ${mail(`${mark}text`)} about it.`, encoding: 'utf8' },
    table: { data: `415-555-2671;phone\n1;4155552671\n2;4155552671\n`, encoding: 'utf8' },
  },
});

const quote = (source: string, words: string) => ({ source, quote: words });
/** A model that repeats what it should not know, and quotes what it was shown. */
const PROPOSAL = {
  nodes: [
    {
      id: 'goal',
      kind: 'goal',
      label: `Reach ${mail('label')}`,
      body: `Card ${CARD}`,
      why: `Ask ${mail('why')}`,
      quotation: quote('brief', 'Should Ada ([redacted:email], card [redacted:credit_card])'),
    },
    {
      id: mail('id'),
      kind: 'option',
      label: 'Sundays',
      body: null,
      why: 'Families',
      quotation: quote('note', 'Ask [redacted:email] about it.'),
    },
    { id: 'late', kind: 'option', label: 'Evenings', body: null, why: 'x', quotation: quote('brief', mail('lost')) },
  ],
  edges: [
    { from: 'goal', to: mail('id'), weight: 0.5, belief: null, basis: 'document', quotation: quote('note', mail('q')) },
    { from: mail('dangling'), to: 'goal', weight: 0.5, belief: null, basis: 'document', quotation: null },
  ],
  confidence: 0.8,
};

/** Says it in pieces of three characters; asked for a function, it calls it instead. */
const words: Script = (request, response) => {
  const cut = { charactersPerChunk: 3 };
  const call = { id: 'call_1', name: 'send', arguments: JSON.stringify({ to: mail('called'), [mail('key')]: 1 }) };
  return Object(request.body).tools === undefined
    ? answering(`Write to ${mail('said')} or ring +1 415 555 2671, card ${CARD}.`, cut)(request, response)
    : calling([call], cut)(request, response);
};

let redis: RedisServer;
let upstream: ScriptedUpstream;
let server: TestApp;
const folder = mkdtempSync(join(tmpdir(), 'countersign-redaction-'));
const dataDir = join(folder, 'data');

beforeAll(async () => {
  mkdirSync(dataDir);
  const policy = join(folder, 'redaction.yaml');
  writeFileSync(policy, 'default: { direction: off, mode: standard }\ntenants:\n  acme: { direction: both }\n');
  upstream = await ScriptedUpstream.start(
    [standard({ structured: drafting(PROPOSAL, { charactersPerChunk: 7 }), words })],
    0,
  );
  redis = await startRedis();
  server = await startApp({
    env: {
      REDACTION_FILE: policy,
      REDIS_URL: redis.url,
      REDIS_COMMAND_TIMEOUT: '10000',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'debug',
      MODEL_PROVIDERS: 'openai',
      OPENAI_BASE_URL: upstream.url,
      PROMPT_CACHE_CALLS: 'all',
    },
  });
}, 60_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream.close();
  await redis[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const post = (payload: object, key: string = keys.user, route = '/assist/draft-graph') =>
  server.inject({
    method: 'POST',
    url: route,
    headers: { ...bearer(key), 'idempotency-key': `${route}-${key}` },
    payload,
  });

const toolCall = (to: string) => ({
  id: 'call_0',
  type: 'function',
  function: { name: 'send', arguments: JSON.stringify({ to }) },
});

const text = (words: string, type: 'text' | 'input_text') => ({ type, text: words });

/** The words of a streamed completion, put together. */
const saidIn = (body: string): string =>
  eventsOf(body)
    .flatMap(({ data }) => (data === '[DONE]' ? [] : [JSON.parse(data).choices[0]?.delta?.content ?? '']))
    .join('');

/** Everything Redis has, whatever it is. */
async function inRedis(): Promise<string> {
  const names = (await redis.command('keys', '*')).split('\n').filter((name) => name !== '');
  const reading = {
    string: ['get'],
    hash: ['hgetall'],
    zset: ['zrange', 0, -1],
    list: ['lrange', 0, -1],
    stream: ['xrange', '-', '+'],
  };
  const values = names.map(async (name) => {
    const type = (await redis.command('type', name)).trim() as keyof typeof reading;
    const [command = 'get', ...range] = reading[type] ?? ['dump'];
    return `${name}\n${await redis.command(String(command), name, ...range.map(String))}`;
  });
  return (await Promise.all(values)).join('\n');
}

/** Every row of every table. */
async function inDatabase(): Promise<string> {
  const rows = await server.app.get(Sql).system(async (tx) => {
    const ours = sql`pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`;
    const found: string[] = [];
    for (const { name } of await tx.select({ name: sql<string>`tablename` }).from(ours)) {
      const all = await tx.select({ row: sql<string>`to_jsonb(t)::text` }).from(sql`${sql.identifier(name)} t`);
      found.push(...all.map(({ row }) => row));
    }
    return found;
  });
  return JSON.stringify(rows);
}

/** The first file of the database that holds one of the words. */
const leakingFile = (): string | undefined =>
  readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .find((path) => SECRET.test(readFileSync(path, 'latin1')));

describe('a tenant whose traffic is redacted both ways', () => {
  let answer: Record<string, never> & ReturnType<typeof JSON.parse>;
  let stream: string;

  it('shows the model nothing of it', async () => {
    const response = await post(draftOf('a'));
    expect(response.statusCode).toBe(200);
    answer = response.json();
    stream = (await post(draftOf('astream'), keys.user, '/assist/draft-graph/stream')).body;
    expect(upstream.requests.length).toBeGreaterThan(0);
    const seen = JSON.stringify(upstream.requests.map(({ body, headers }) => [body, headers]));
    expect(seen).toContain('[redacted:email]');
    expect(seen).not.toMatch(SECRET);
  });

  it('gets nothing of it, in a whole answer, on the way to one, or in a repeated one', async () => {
    expect(JSON.stringify(answer)).not.toMatch(SECRET);
    const partials = eventsOf(stream).filter(({ data }) => data.includes('partial'));
    expect(partials.length).toBeGreaterThan(0);
    expect(stream).toContain('[redacted:email]');
    expect(stream).not.toMatch(SECRET);
    const repeated = await post(draftOf('a'));
    expect(repeated.headers['idempotent-replayed']).toBe('true');
    expect(repeated.body).not.toMatch(SECRET);
  });

  it('gets quotes that stand letter by letter in what the sources then are', () => {
    const texts = new Map([
      [
        'brief',
        'Should Ada ([redacted:email], card [redacted:credit_card]) open on Sundays, or stay open longer on weekday evenings? Case a.',
      ],
      ['note', 'Sundays suit families. Ask [redacted:email] about it.'],
    ]);
    const quoted = answer.rationales.flatMap(({ provenance }: { provenance: unknown }) =>
      provenance === null ? [] : [provenance],
    );
    expect(quoted).toHaveLength(2);
    for (const provenance of quoted) expect(quoteFaults(provenance, texts)).toEqual([]);
    expect(answer.diagnostics.quotes).toEqual({ verified: 2, removed: 2 });
  });

  it('gets figures of tables without those that are more than figures', () => {
    const [, table] = answer.diagnostics.documents;
    expect(table.columns[0]).toMatchObject({ name: '[redacted:phone]', mean: 1.5 });
    expect(table.columns[1]).toEqual({ name: 'phone', type: 'number', count: 2 });
    expect(table.summary).toContain('phone: count 2, mean [redacted:phone]');
  });

  it('gets and shows nothing of it through the OpenAI routes either', async () => {
    const before = upstream.requests.length;
    const chat = {
      model: 'gpt-5-mini',
      messages: [
        { role: 'user', content: `Ask ${mail('asked')}` },
        { role: 'assistant', content: null, tool_calls: [toolCall(mail('argument'))] },
        { role: 'tool', tool_call_id: 'call_0', content: JSON.stringify({ found: mail('result') }) },
      ],
    };
    const tools = [{ type: 'function', function: { name: 'send', description: mail('tool'), parameters: {} } }];
    const answers = [
      await post(chat, keys.user, '/v1/chat/completions'),
      await post({ ...chat, stream: true }, keys.user2, '/v1/chat/completions'),
      await post({ ...chat, tools }, keys.approver, '/v1/chat/completions'),
      await post({ model: 'text-embedding-3-small', input: [mail('embedded')] }, keys.user, '/v1/embeddings'),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    const said = 'Write to [redacted:email] or ring [redacted:phone], card [redacted:credit_card].';
    expect(answers[0]?.json().choices[0].message.content).toBe(said);
    expect(saidIn(answers[1]?.body ?? '')).toBe(said);
    expect(JSON.parse(answers[2]?.json().choices[0].message.tool_calls[0].function.arguments)).toEqual({
      to: '[redacted:email]',
      '[redacted:email]': 1,
    });
    for (const { body } of answers) expect(body).not.toMatch(SECRET);
    const response = {
      model: 'gpt-5-mini',
      instructions: `Be kind to ${mail('instructed')}`,
      metadata: { owner: mail('metadata') },
      input: [
        { role: 'user', content: `Ask ${mail('input')}` },
        { type: 'function_call', call_id: 'c1', name: 'send', arguments: '{"card":4111111111111111}' },
        { type: 'function_call_output', call_id: 'c1', output: `{"to":"${mail('output')}"}` },
      ],
    };
    const kept = await post(response, keys.user, '/v1/responses');
    const items = `/v1/responses/${kept.json().id}/input_items`;
    const listed = await server.inject({ method: 'GET', url: items, headers: bearer(keys.user) });
    expect([kept.statusCode, listed.statusCode]).toEqual([200, 200]);
    expect(listed.json().data.map((item: { arguments?: string }) => item.arguments)).toContain(
      '{"card":"[redacted:credit_card]"}',
    );
    expect(kept.json().instructions).toBe('Be kind to [redacted:email]');
    expect(kept.body + listed.body).not.toMatch(SECRET);
    const seen = JSON.stringify(upstream.requests.slice(before).map(({ body }) => body));
    expect(upstream.requests.length).toBeGreaterThan(before + 2);
    expect(seen).not.toMatch(SECRET);
  });

  it.each([
    ['escapes', mail('image').replace('@', '%40')],
    ['base64', btoa(mail('image'))],
  ])('shows and keeps no image whose address holds something in %s', async (code, word) => {
    const before = upstream.requests.length;
    const url = `https://x.example/i.png?m=${word}`;
    const chat = [{ role: 'user', content: [text(code, 'text'), { type: 'image_url', image_url: { url } }] }];
    const input = [{ role: 'user', content: [text(code, 'input_text'), { type: 'input_image', image_url: url }] }];
    const ask = (route: string, payload: object) =>
      server.inject({ method: 'POST', url: route, headers: bearer(keys.user), payload });
    const said = await ask('/v1/chat/completions', { model: 'gpt-5-mini', messages: chat });
    const kept = await ask('/v1/responses', { model: 'gpt-5-mini', input });
    const items = `/v1/responses/${kept.json().id}/input_items`;
    const listed = await server.inject({ method: 'GET', url: items, headers: bearer(keys.user) });
    expect([said.statusCode, kept.statusCode, listed.statusCode]).toEqual([200, 200, 200]);
    const bodies = upstream.requests.slice(before).map(({ body }) => JSON.stringify(body));
    expect(bodies.length).toBeGreaterThan(0);
    for (const place of [...bodies, listed.body, await inDatabase()]) {
      expect(place).toContain('redacted:uninspected');
      expect(place).not.toContain(word);
    }
  });

  it('is told so when the id of an attachment cannot be used, without hearing it again', async () => {
    const id = '415-555-2671';
    const response = await server.inject({
      method: 'POST',
      url: '/assist/draft-graph',
      headers: bearer(keys.user),
      payload: {
        ...draftOf('a'),
        attachments: [{ id, kind: 'txt', name: 'a' }],
        attachment_payloads: { [id]: 'aGVsbG8=' },
      },
    });
    expect(response.statusCode).toBe(400);
    // Their digits are random.
    const { request_id: _request, trace_id: _trace, ...said } = response.json();
    expect(said.errors).toMatchObject([{ path: 'attachments.0.id' }]);
    expect(JSON.stringify(said)).not.toContain('555');
  });

  it('leaves nothing of it in Redis, the database, the logs or the metrics', async () => {
    const metrics = (await server.inject({ method: 'GET', url: '/metrics' })).body;
    const places = {
      redis: await inRedis(),
      database: await inDatabase(),
      logs: JSON.stringify(server.logged()),
      metrics,
    };
    for (const [place, content] of Object.entries(places))
      expect([place, SECRET.test(content)]).toEqual([place, false]);
    expect(leakingFile()).toBeUndefined();
    expect(places.redis).toContain('redacted');
    expect(places.database).toContain('[redacted:email]');
  });

  it('changes nothing for another tenant, whose words are found in the same places', async () => {
    const before = upstream.requests.length;
    const response = await post(draftOf('b'), keys.foreign);
    const streamed = await post(draftOf('bstream'), keys.foreign, '/assist/draft-graph/stream');
    expect(streamed.body).toMatch(SECRET);
    expect(JSON.stringify(upstream.requests.slice(before).map(({ body }) => body))).toContain(mail('bbrief'));
    expect(response.body).toContain(mail('label'));
    expect(SECRET.test(await inDatabase())).toBe(true);
    expect(leakingFile()).toBeDefined();
    expect(SECRET.test(await inRedis())).toBe(true);
  });
});
