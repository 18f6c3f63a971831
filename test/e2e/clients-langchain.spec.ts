import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import {
  CALL,
  EMBEDDING_MODEL,
  FORMED,
  type Surface,
  startSurface,
  TEXT_MODEL,
  WORDS,
} from '../support/openai-surface.ts';

const question = new HumanMessage('What comes first?');
const Mill = z.object({ city: z.string(), sails: z.number() });
const weather = tool(async () => 'Rain', {
  name: 'weather',
  description: 'Says the weather',
  schema: z.object({ city: z.string() }),
});

describe('the OpenAI package of LangChain, unmodified', () => {
  let surface: Surface;
  const settings = () => ({ apiKey: surface.apiKey, configuration: { baseURL: surface.baseURL } });
  const chat = (model = TEXT_MODEL) => new ChatOpenAI({ model, ...settings() });
  beforeAll(async () => {
    surface = await startSurface();
  }, 60_000);
  afterAll(() => surface[Symbol.asyncDispose]());

  it('invokes a model', async () => {
    const { content, usage_metadata } = await chat().invoke([question]);
    expect(content).toBe(WORDS);
    expect(usage_metadata).toMatchObject({ input_tokens: 11, output_tokens: 7, total_tokens: 18 });
  });

  it('invokes the embedded model with a system message', async () => {
    const facts = 'The mill stands in Kent. The mill was built in 1820.';
    const asked = [new SystemMessage(facts), new HumanMessage('Tell me about the mill.')];
    expect((await chat('countersign-embedded-1').invoke(asked)).content).toBe(facts);
  });

  it('streams an answer, and hears what it cost', async () => {
    const chunks = await Array.fromAsync(await chat().stream([question]));
    expect([chunks.map(({ content }) => content).join(''), chunks.length > 3]).toEqual([WORDS, true]);
    expect(chunks.reduce((one, other) => one.concat(other)).usage_metadata).toMatchObject({ total_tokens: 18 });
  });

  it('answers a batch', async () => {
    const answers = await chat().batch([[question], [question]]);
    expect(answers.map(({ content }) => content)).toEqual([WORDS, WORDS]);
  });

  it('is asked to call a bound tool, and goes on with what it returned', async () => {
    const bound = chat().bindTools([weather]);
    const first = await bound.invoke([question]);
    expect(first.tool_calls).toMatchObject([{ id: CALL.id, name: 'weather', args: { city: 'Kent' } }]);
    const returned = new ToolMessage({ content: 'Rain', tool_call_id: CALL.id });
    expect((await bound.invoke([question, first, returned])).content).toBe(WORDS);
  });

  it('is asked to call a bound tool in a stream', async () => {
    const chunks = await Array.fromAsync(await chat().bindTools([weather]).stream([question]));
    const whole = chunks.reduce((one, other) => one.concat(other));
    expect(whole.tool_calls).toMatchObject([{ id: CALL.id, name: 'weather', args: { city: 'Kent' } }]);
  });

  it.each(['jsonSchema', 'jsonMode'] as const)('has an answer of a given shape by %s', async (method) => {
    expect(await chat().withStructuredOutput(Mill, { method, name: 'mill' }).invoke([question])).toEqual(FORMED);
  });

  it('embeds a query and documents', async () => {
    const embeddings = new OpenAIEmbeddings({ model: 'countersign-embed-1', ...settings() });
    const [query, documents] = [await embeddings.embedQuery('tea'), await embeddings.embedDocuments(['tea', 'coffee'])];
    expect([query.length, documents.length]).toEqual([256, 2]);
    expect(documents[0]).toEqual(query);
  });

  it('embeds with an upstream model, in the dimensions asked for', async () => {
    const embeddings = new OpenAIEmbeddings({ model: EMBEDDING_MODEL, dimensions: 8, ...settings() });
    expect((await embeddings.embedQuery('tea')).length).toBe(8);
    expect(surface.upstream.requests.at(-1)?.body).toMatchObject({ dimensions: 8 });
  });

  it('reads the error of an unknown model', async () => {
    const unknown = new ChatOpenAI({ model: 'gpt-0', maxRetries: 0, ...settings() });
    await expect(unknown.invoke([question])).rejects.toMatchObject({ status: 404 });
  });
});
