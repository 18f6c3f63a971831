import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeDataDir } from '../support/data-dir.ts';
import { ROUTE } from '../support/model-callers.ts';
import type { Script } from '../support/scripted-upstream.ts';
import { answering, completing, silent } from '../support/scripted-upstream-scripts.ts';
import { until } from '../support/until.ts';
import { type UpstreamService, upstreamService, wellBehaved } from '../support/upstream-service.ts';

/** Sixteen answers of 1,000 tokens are less than this, sixteen of the usual length are more. */
const LIMIT = 20_000;

/** Nothing makes it shorter. */
const LONG = randomBytes(50_000).toString('hex');
const scratch = makeDataDir({});
const POLICY = join(scratch, 'redaction.yaml');

let plenty: UpstreamService;
let scarce: UpstreamService;
let redacted: UpstreamService;

beforeAll(async () => {
  writeFileSync(POLICY, 'default: { direction: both, mode: standard }\ntenants: {}\n');
  plenty = await upstreamService({});
  scarce = await upstreamService({ TOKEN_LIMIT_PER_DAY: String(LIMIT) });
  redacted = await upstreamService({ REDACTION_FILE: POLICY });
});
afterAll(async () => {
  await Promise.all([plenty, scarce, redacted].map((world) => world[Symbol.asyncDispose]()));
  rmSync(scratch, { recursive: true });
});

const chat = (world: UpstreamService, fields: object = {}, init: RequestInit = {}) =>
  world.post(
    '/v1/chat/completions',
    { model: ROUTE, messages: [{ role: 'user', content: 'Which crane?' }], ...fields },
    init,
  );

/** Whether the model was asked for a stream, the last time. */
const streamed = ({ upstream }: UpstreamService): unknown => Object(upstream.requests.at(-1)?.body).stream;

async function askedForStream(world: UpstreamService, fields: object = {}): Promise<unknown> {
  world.script(wellBehaved);
  const answer = await chat(world, fields);
  expect(answer.status).toBe(200);
  await answer.text();
  return streamed(world);
}

describe('a model is asked', () => {
  it('for one piece where a caller wants one', async () => {
    expect(await askedForStream(plenty)).toBe(false);
    expect(await askedForStream(plenty, { max_tokens: 50_000 })).toBe(false);
  });

  it('for one piece whose question and answer are redacted', async () => {
    const mail = 'first.mate@harbour.example';
    redacted.script(answering(`Write to ${mail}.`, {}));
    const answer = await chat(redacted, { messages: [{ role: 'user', content: `Is it ${mail}?` }] });
    expect([answer.status, streamed(redacted)]).toEqual([200, false]);
    expect(await answer.text()).not.toContain(mail);
    expect(JSON.stringify(redacted.upstream.requests.at(-1)?.body)).not.toContain(mail);
  });

  it('for a stream where a caller wants one', async () => {
    expect(await askedForStream(plenty, { stream: true })).toBe(true);
  });

  it('for a stream where a limit may have to end the answer in the middle', async () => {
    expect(await askedForStream(scarce)).toBe(true);
    expect(await askedForStream(scarce, { max_tokens: 1_000 })).toBe(false);
    expect(await askedForStream(scarce, { max_tokens: 1_500 })).toBe(true);
  });
});

describe('an answer in one piece', () => {
  it('that its caller leaves is given up within a second of the one he has to come back, and costs the question', async () => {
    const before = await plenty.spent();
    plenty.script(silent);
    const asked = plenty.upstream.requests.length;
    const leaving = new AbortController();
    const answer = chat(plenty, {}, { signal: leaving.signal }).catch(() => undefined);
    const request = await plenty.upstream.received(asked + 1);
    expect(streamed(plenty)).toBe(false);
    const left = Date.now();
    leaving.abort();
    await answer;
    await request.over;
    expect((request.closedByClientAt ?? 0) - left).toBeLessThan(2_000);
    await until('the question is charged', async () => (await plenty.spent()).tokens > before.tokens);
    expect((await plenty.spent()).tokens - before.tokens).toBeLessThan(20);
  });
});

describe('a model that names itself as no database takes it', () => {
  const named = (model: string): Script =>
    completing({
      model,
      choices: [{ message: { content: 'Yes.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 11, completion_tokens: 7 },
    });

  it.each([
    ['with U+0000', ['a\0b']],
    ['at length', [`a${LONG}`, `b${LONG}`]],
    ['with halves of characters', ['half \ud800', 'half \udfff']],
  ])('%s is charged and recorded all the same', async (_how, names) => {
    const [before, recorded] = [await plenty.spent(), await plenty.recorded()];
    plenty.script(...names.map(named));
    const answers = await Promise.all(names.map(() => chat(plenty)));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    expect((await plenty.spent()).tokens - before.tokens).toBe(18 * names.length);
    const tokensOf = (rows: typeof recorded): number => rows.reduce((sum, { tokens }) => sum + tokens, 0);
    expect(tokensOf(await plenty.recorded()) - tokensOf(recorded)).toBe(18 * names.length);
  });
});
