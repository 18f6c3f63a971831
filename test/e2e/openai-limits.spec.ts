import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { bearer, keys } from '../support/app.ts';
import { failure, type Surface, startSurface, TEXT_MODEL } from '../support/openai-surface.ts';
import { answering, standard } from '../support/scripted-upstream-scripts.ts';
import { settled } from '../support/token-quota.ts';
import { until } from '../support/until.ts';

const LIMIT = 300;
/** About a thousand tokens. */
const WORDS = 'The kettle sings and nobody listens. '.repeat(110);
const messages = [{ role: 'user' as const, content: 'What does the kettle do?' }];
const input = 'What does the kettle do?';
const model = TEXT_MODEL;

describe('an answer that the token limit of its owner cuts', () => {
  let surface: Surface;
  beforeAll(async () => {
    const words = answering(WORDS, { charactersPerChunk: 16, usage: null });
    surface = await startSurface(standard({ words }), { TOKEN_LIMIT_PER_DAY: String(LIMIT) });
  });
  afterAll(() => surface[Symbol.asyncDispose]());

  /** A client of somebody who has used nothing yet. */
  async function newcomer() {
    const payload = { name: 'newcomer', kind: 'api', roles: ['user'] };
    const made = await surface.server.inject({
      ...{ method: 'POST', url: '/v1/keys', headers: bearer(keys.foreign), payload },
    });
    const { secret } = made.json<{ secret: string }>();
    return { client: new OpenAI({ baseURL: surface.baseURL, apiKey: secret, maxRetries: 0 }), secret };
  }

  /** What was said and charged is nearly all there was. */
  async function expectCut(text: string, total: number | undefined, secret: string): Promise<void> {
    expect(text.length).toBeGreaterThan(500);
    expect(WORDS.startsWith(text)).toBe(true);
    expect(total).toBeGreaterThan(LIMIT - 64);
    expect(total).toBeLessThanOrEqual(LIMIT);
    expect(await settled(surface.server, secret)).toBe(total);
  }

  it('ends a streamed chat in a chunk that says length', async () => {
    const { client, secret } = await newcomer();
    const options = { model, messages, stream: true, stream_options: { include_usage: true } } as const;
    const chunks = await Array.fromAsync(await client.chat.completions.create(options));
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    const finishes = chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []);
    expect(finishes).toEqual(['length']);
    await expectCut(text, chunks.at(-1)?.usage?.total_tokens, secret);
  });

  it('is given in JSON as far as it came', async () => {
    const { client, secret } = await newcomer();
    const { choices, usage } = await client.chat.completions.create({ model, messages });
    expect(choices[0]?.finish_reason).toBe('length');
    await expectCut(choices[0]?.message.content ?? '', usage?.total_tokens, secret);
  });

  const expectIncomplete = async (response: OpenAI.Responses.Response, secret: string): Promise<void> => {
    expect(response).toMatchObject({
      status: 'incomplete',
      error: null,
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'message', status: 'incomplete' }],
    });
    const [said] = response.output;
    const part = said?.type === 'message' ? said.content[0] : undefined;
    await expectCut(part?.type === 'output_text' ? part.text : '', response.usage?.total_tokens, secret);
  };

  it('ends a streamed response in response.incomplete, and is kept so', async () => {
    const { client, secret } = await newcomer();
    const events = await Array.fromAsync(await client.responses.create({ model, input, stream: true }));
    const last = events.at(-1);
    if (last?.type !== 'response.incomplete') throw new Error(`It ended in ${last?.type}`);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
    await expectIncomplete(last.response, secret);
    await expectIncomplete(await client.responses.retrieve(last.response.id), secret);
  });

  it('is an incomplete response in JSON and in the background', async () => {
    const { client, secret } = await newcomer();
    await expectIncomplete(await client.responses.create({ model, input }), secret);
    const other = await newcomer();
    const { id } = await other.client.responses.create({ model, input, background: true });
    const isOver = async () => (await other.client.responses.retrieve(id)).status === 'incomplete';
    await until('it is over', isOver);
    await expectIncomplete(await other.client.responses.retrieve(id), other.secret);
  });

  it('is refused before its first word', async () => {
    const { client } = await newcomer();
    await client.chat.completions.create({ model, messages });
    for (const stream of [false, true]) {
      const expected = { status: 429, code: 'insufficient_quota' };
      expect(await failure(client.chat.completions.create({ model, messages, stream }))).toMatchObject(expected);
      expect(await failure(client.responses.create({ model, input, stream }))).toMatchObject(expected);
    }
  });
});
