import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ResponseHashError } from './errors.js';
import { AnsweringFetch } from './testing/answering-fetch.js';
import { BRIEF } from './testing/sample-stream.js';

const BODY = '{"status":"ok","name":"Grüße"}';
const OTHER_HASH = 'ff'.repeat(32);
const hashOf = (body: string): string => createHash('sha256').update(body).digest('hex');

type Answer = () => Response;

const answer =
  (body: string, hash: string | undefined, status = 200): Answer =>
  () =>
    new Response(body, {
      status,
      headers: {
        'x-request-id': 'req-12345678',
        ...(hash === undefined ? {} : { 'x-countersign-response-hash': hash }),
      },
    });
const whole = answer(BODY, hashOf(BODY));
const altered = answer(BODY, OTHER_HASH);
const bare = answer(BODY, undefined);
const problem = JSON.stringify({ code: 'FORBIDDEN', status: 403, detail: 'Needs the scope status:read' });

describe('an answer', () => {
  it.each<readonly [string, Answer]>([
    ['with its hash', whole],
    ['with its hash in capitals', answer(BODY, hashOf(BODY).toUpperCase())],
    ['without a hash', bare],
  ])('%s is handed on', async (_title, given) => {
    const { client, outcome } = new AnsweringFetch([given], {});
    expect(await outcome(client.status())).toEqual(JSON.parse(BODY));
  });

  it.each<readonly [string, string, string]>([
    ['an altered byte', BODY.replace('ok', 'ko'), hashOf(BODY)],
    ['an end cut off', BODY.slice(0, -1), hashOf(BODY)],
    ['nothing left of it', '', hashOf(BODY)],
    ['another hash', BODY, OTHER_HASH],
    ['two hashes', BODY, `${hashOf(BODY)}, ${hashOf(BODY)}`],
    ['a hash that is none', BODY, 'sha-256=:x:'],
    ['an empty hash', BODY, ''],
  ])('with %s is an error that hands nothing on', async (_title, body, hash) => {
    const { client, outcome } = new AnsweringFetch([answer(body, hash)], {});
    const error = await outcome(client.status());
    expect(error).toBeInstanceOf(ResponseHashError);
    expect(error).toMatchObject({
      code: 'RESPONSE_HASH_MISMATCH',
      status: 200,
      requestId: 'req-12345678',
      expected: hash,
      received: hashOf(body),
    });
  });

  it('is looked at under the configured header prefix alone', async () => {
    const given = () => new Response(BODY, { headers: { 'x-olumi-response-hash': OTHER_HASH } });
    const configured = new AnsweringFetch([given], { headerPrefix: 'X-Olumi' });
    expect(await configured.outcome(configured.client.status())).toMatchObject({ code: 'RESPONSE_HASH_MISMATCH' });
    const usual = new AnsweringFetch([given], {});
    expect(await usual.outcome(usual.client.status())).toEqual(JSON.parse(BODY));
  });

  it('without a body and without a hash is no JSON, and no damage', async () => {
    const { client, outcome } = new AnsweringFetch([() => new Response(null, { status: 204 })], {});
    expect(await outcome(client.status())).toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });
});

describe('a damaged answer', () => {
  it('is asked for once more, under the same key: nothing is done twice', async () => {
    const { client, outcome, sent } = new AnsweringFetch([altered, whole], {});
    expect(await outcome(client.drafts.create({ brief: BRIEF }))).toEqual(JSON.parse(BODY));
    const keys = sent.map(({ headers }) => new Headers(headers).get('idempotency-key'));
    expect(keys).toEqual([keys[0], keys[0]]);
  });

  it('that comes damaged again is not asked for any more', async () => {
    const { client, outcome, sent } = new AnsweringFetch([altered], { maxRetries: 9 });
    expect(await outcome(client.status())).toBeInstanceOf(ResponseHashError);
    expect(sent).toHaveLength(2);
  });

  it('is not asked for again by who wants no retries', async () => {
    const { client, outcome, sent } = new AnsweringFetch([altered], { maxRetries: 0 });
    expect(await outcome(client.status())).toBeInstanceOf(ResponseHashError);
    expect(sent).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it('is compared with its hash too: nobody is told a reason that was put in', async () => {
    const honest = new AnsweringFetch([answer(problem, hashOf(problem), 403)], {});
    expect(await honest.outcome(honest.client.status())).toMatchObject({ code: 'FORBIDDEN' });
    const forged = new AnsweringFetch([answer(problem, OTHER_HASH, 403)], {});
    expect(await forged.outcome(forged.client.status())).toMatchObject({ code: 'RESPONSE_HASH_MISMATCH', status: 403 });
  });

  it('of a stream is compared too', async () => {
    const { client, outcome } = new AnsweringFetch([answer(problem, OTHER_HASH, 403)], {});
    expect(await outcome(client.drafts.stream({ brief: BRIEF }).finalDraft())).toMatchObject({
      code: 'RESPONSE_HASH_MISMATCH',
    });
  });
});

describe('who requires a hash', () => {
  it('gets no answer that came without one, and none again', async () => {
    const { client, outcome, sent } = new AnsweringFetch([bare], { verifyResponses: 'required' });
    const error = await outcome(client.status());
    expect(error).toBeInstanceOf(ResponseHashError);
    expect(error).toMatchObject({ code: 'RESPONSE_HASH_MISSING', expected: undefined, received: hashOf(BODY) });
    expect(sent).toHaveLength(1);
  });

  it('outlasts a gateway that says on its own that the service is away', async () => {
    const gateway = () => new Response('<html>Bad gateway</html>', { status: 502 });
    const { client, outcome } = new AnsweringFetch([gateway, whole], { verifyResponses: 'required' });
    expect(await outcome(client.status())).toEqual(JSON.parse(BODY));
  });
});

it('who looks at no hash gets what came', async () => {
  const { client, outcome } = new AnsweringFetch([altered], { verifyResponses: 'off' });
  expect(await outcome(client.status())).toEqual(JSON.parse(BODY));
});
