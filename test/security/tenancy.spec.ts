import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { type Operation, publishedOperations } from '../support/operations.ts';
import { readStream, tokenOf } from '../support/stream-client.ts';

/** Words that exist nowhere but in what tenant A made. */
const PLANTED = { brief: 'Zanzibar-kelp-farm', key: 'Quokka-signing-key' } as const;
const BRIEF = `Should the ${PLANTED.brief} be sold, or leased to its own divers? The ${PLANTED.brief} loses money.`;

const LONGEST_ID = 64;

type Kind = 'key' | 'stream' | 'run' | 'cursor' | 'token';

/** Something of tenant A that somebody else got hold of, and its twin that nobody ever made. */
interface Reference {
  readonly kind: Kind;
  readonly theirs: string;
  readonly nobodys: string;
}

/** A place of a request that takes a reference. */
interface Slot {
  readonly where: 'path' | 'cursor' | 'token' | 'body';
  readonly operation: Operation;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  /** Status, names of headers and body without what is different in every answer. */
  readonly essence: string;
}

const operations = publishedOperations();
const outsiders = {
  'another tenant': keys.foreign,
  'a weaker role': keys.auditor,
  'another principal': keys.user2,
  'an admin': keys.admin,
  nobody: undefined,
} as const;
type Outsider = keyof typeof outsiders;

const slots: readonly Slot[] = operations.flatMap((operation) => {
  const named = (name: string, place: string) =>
    operation.parameters.some((parameter) => parameter.in === place && parameter.name.toLowerCase() === name);
  return [
    ...(operation.path.includes('{') ? [{ where: 'path', operation } as const] : []),
    ...(named('cursor', 'query') ? [{ where: 'cursor', operation } as const] : []),
    ...(named('x-resume-token', 'header') ? [{ where: 'token', operation } as const] : []),
    ...(operation.path.startsWith('/assist/draft-graph') && !named('x-resume-token', 'header')
      ? [{ where: 'body', operation } as const]
      : []),
  ];
});

/** Those who may: keys belong to the tenant, and its admins manage them. */
const rightful = ({ operation }: Slot, who: Outsider): boolean =>
  who === 'an admin' && operation.path.startsWith('/v1/keys');

function requestOf({ where, operation }: Slot, reference: string, key: string | undefined): InjectOptions {
  const { method, path } = operation;
  const headers = key === undefined ? {} : bearer(key);
  const url = path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(reference));
  if (where === 'cursor') return { method, url: `${url}?limit=100&cursor=${encodeURIComponent(reference)}`, headers };
  if (where === 'token') return { method, url, headers: { ...headers, 'x-resume-token': reference } };
  if (where === 'body') return { method, url, headers, payload: { brief: 'x'.repeat(40), library_ids: [reference] } };
  return { method, url, headers };
}

let server: TestApp;
let references: readonly Reference[];
let secret = '';
let streamId = '';
let token = '';

/** The same text with another digit before the last: as good as the original, but nobody's. */
const twin = (text: string): string => text.replace(/.(.)$/, (tail) => (tail.startsWith('0') ? '1' : '0') + tail[1]);

async function send(request: InjectOptions): Promise<Answer> {
  const { statusCode: status, headers, body } = await server.inject(request);
  const names = Object.keys(headers).sort().join(' ');
  const essence = `${status} ${names} ${body.replaceAll(/"(request_id|trace_id)":"[^"]*"/g, '"$1":""')}`;
  return { status, body, essence };
}

beforeAll(async () => {
  server = await startApp({ env: { RATE_LIMIT_RPM: '100000', SSE_RATE_LIMIT_RPM: '100000' } });
  const url = await server.listen();
  const issued = [];
  for (const name of [`${PLANTED.key} one`, `${PLANTED.key} two`]) {
    const payload = { name, kind: 'api', roles: ['admin'] };
    const made = await server.inject({ method: 'POST', url: '/v1/keys', headers: bearer(keys.admin), payload });
    issued.push(made.json<{ id: string; secret: string }>());
  }
  const page = await server.inject({ url: '/v1/keys?limit=1', headers: bearer(keys.admin) });
  const cursor = page.json<{ next_cursor: string }>().next_cursor;
  const delivery = await readStream(`${url}/assist/draft-graph/stream`, {
    method: 'POST',
    headers: { ...bearer(keys.user), 'content-type': 'application/json' },
    body: JSON.stringify({ brief: BRIEF }),
  });
  const last: { payload: { run_id: string } } = JSON.parse(delivery.events.at(-1)?.data ?? '');
  streamId = delivery.streamId;
  token = tokenOf(delivery.events) ?? '';
  secret = issued[0]?.secret ?? '';
  const keyId = issued[0]?.id ?? '';
  const position = Buffer.from(cursor, 'base64url').toString();
  references = [
    { kind: 'key', theirs: keyId, nobodys: twin(keyId) },
    { kind: 'stream', theirs: streamId, nobodys: twin(streamId) },
    { kind: 'run', theirs: last.payload.run_id, nobodys: twin(last.payload.run_id) },
    { kind: 'cursor', theirs: cursor, nobodys: Buffer.from(twin(position)).toString('base64url') },
    { kind: 'token', theirs: token, nobodys: twin(token) },
  ];
});
afterAll(() => server[Symbol.asyncDispose]());

/** Every reference in every place, as everybody who has no right to it. */
const attempts = slots.flatMap((slot) =>
  (Object.keys(outsiders) as Outsider[]).filter((who) => !rightful(slot, who)).map((who) => [slot, who] as const),
);
const titled = attempts.map(([slot, who]) => [`${who} · ${slot.operation.name} · ${slot.where}`, slot, who] as const);

describe('what tenant A made', () => {
  it('is there, with all the ways to name it', () => {
    expect(references.every(({ theirs, nobodys }) => theirs !== '' && theirs.length === nobodys.length)).toBe(true);
    expect(references.filter(({ theirs, nobodys }) => theirs === nobodys)).toEqual([]);
  });

  it('can be named in every place that takes a name', () => {
    const walked = new Set(slots.map(({ operation }) => operation.name));
    const unnamed = operations.filter(({ name, open }) => !open && !walked.has(name)).map(({ name }) => name);
    expect(unnamed).toEqual(['POST /v1/keys', 'GET /v1/limits', 'GET /v1/status']);
  });

  it.each(titled)('is not to be had: %s', async (_title, slot, who) => {
    const key = outsiders[who];
    const wrong: string[] = [];
    for (const { kind, theirs, nobodys } of references) {
      const answer = await send(requestOf(slot, theirs, key));
      const control = await send(requestOf(slot, nobodys, key));
      const refused = allowedStatuses(slot, who, theirs).includes(answer.status);
      if (!refused) wrong.push(`${kind}: ${answer.status}`);
      if (answer.essence !== control.essence) wrong.push(`${kind}: ${answer.essence} but ${control.essence}`);
      if (tells(answer, theirs)) wrong.push(`${kind}: tells ${answer.body}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(
    operations.flatMap((operation) =>
      [undefined, keys.foreign].map(
        (key) =>
          [`${operation.name} ${key === undefined ? 'without a key' : 'as another tenant'}`, operation, key] as const,
      ),
    ),
  )('does not show in %s', async (_title, { method, path }, key) => {
    const url = path.replaceAll(/\{[^}]+\}/g, 'any');
    const { body } = await send({ method, url, headers: key === undefined ? {} : bearer(key) });
    expect(Object.values(PLANTED).filter((word) => body.includes(word))).toEqual([]);
    expect(references.filter(({ theirs }) => body.includes(theirs))).toEqual([]);
  });

  it('is unharmed in the end, and its owner has it still', async () => {
    const headers = bearer(keys.user);
    const events = await server.inject({ url: `/v1/streams/${streamId}/events`, headers });
    expect([events.statusCode, events.body.includes(PLANTED.brief)]).toEqual([200, true]);
    const resume = { method: 'POST', url: '/assist/draft-graph/resume' } as const;
    expect((await server.inject({ ...resume, headers: { ...headers, 'x-resume-token': token } })).statusCode).toBe(200);
    const listed = await server.inject({ url: '/v1/keys', headers: bearer(secret) });
    expect(listed.json<{ data: { status: string }[] }>().data.map(({ status }) => status)).toEqual([
      'active',
      'active',
    ]);
  });
});

/**
 * A list has no place for a foreign position: it answers with the caller's own, or says that it is none. What is too long
 * to be an id in a body is refused as that.
 */
function allowedStatuses({ where }: Slot, who: Outsider, reference: string): readonly number[] {
  if (who === 'nobody') return [401];
  if (where === 'cursor') return who === 'another tenant' ? [200, 400] : [403];
  if (where === 'token') return [401];
  return where === 'body' && reference.length > LONGEST_ID ? [400, 403] : [403, 404];
}

const tells = ({ body }: Answer, reference: string): boolean =>
  [...Object.values(PLANTED), reference].some((word) => body.includes(word));
