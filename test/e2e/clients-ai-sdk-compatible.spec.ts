import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  APICallError,
  embed,
  embedMany,
  generateObject,
  generateText,
  stepCountIs,
  streamObject,
  streamText,
  tool,
} from 'ai';
import { z } from 'zod';
import { EMBEDDING_MODEL, FORMED, type Surface, startSurface, TEXT_MODEL, WORDS } from '../support/openai-surface.ts';

const EMBEDDED = 'countersign-embedded-1';
const prompt = 'What comes first?';
const Mill = z.object({ city: z.string(), sails: z.number() });

describe('the AI SDK of Vercel with its provider for compatible services, unmodified', () => {
  let surface: Surface;
  const provider = (apiKey = surface.apiKey) =>
    createOpenAICompatible({
      name: 'countersign',
      baseURL: surface.baseURL,
      apiKey,
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
  beforeAll(async () => {
    surface = await startSurface();
  }, 60_000);
  afterAll(() => surface[Symbol.asyncDispose]());

  it('generates a text', async () => {
    const { text, usage, finishReason } = await generateText({ model: provider()(TEXT_MODEL), prompt });
    expect([text, finishReason]).toEqual([WORDS, 'stop']);
    expect(usage).toMatchObject({ inputTokens: 11, outputTokens: 7, totalTokens: 18 });
  });

  it('generates a text with the embedded model', async () => {
    const prompt = 'The mill stands in Kent. Where does the mill stand?';
    const { text } = await generateText({ model: provider()(EMBEDDED), prompt });
    expect(text).toContain('The mill stands in Kent.');
  });

  it('streams a text, and hears what it cost', async () => {
    const result = streamText({ model: provider()(TEXT_MODEL), prompt });
    const pieces = await Array.fromAsync(result.textStream);
    expect([pieces.join(''), pieces.length > 3, await result.finishReason]).toEqual([WORDS, true, 'stop']);
    expect(await result.usage).toMatchObject({ inputTokens: 11, outputTokens: 7 });
  });

  it('generates an object', async () => {
    const { object } = await generateObject({ model: provider()(TEXT_MODEL), schema: Mill, prompt });
    expect(object).toEqual(FORMED);
  });

  it('streams an object', async () => {
    const result = streamObject({ model: provider()(TEXT_MODEL), schema: Mill, prompt });
    const partials = await Array.fromAsync(result.partialObjectStream);
    expect([partials.at(-1), await result.object]).toEqual([FORMED, FORMED]);
  });

  it.each(['generates', 'streams'])('%s with a tool, and goes on with what it returned', async (how) => {
    const cities: string[] = [];
    const request = {
      model: provider()(TEXT_MODEL),
      prompt,
      stopWhen: stepCountIs(3),
      tools: {
        weather: tool({
          description: 'Says the weather',
          inputSchema: z.object({ city: z.string() }),
          execute: async ({ city }) => {
            cities.push(city);
            return 'Rain';
          },
        }),
      },
    };
    const text = how === 'generates' ? (await generateText(request)).text : await streamText(request).text;
    expect([text, cities]).toEqual([WORDS, ['Kent']]);
  });

  it('embeds one text, and many', async () => {
    const model = provider().embeddingModel('countersign-embed-1');
    const one = await embed({ model, value: 'tea' });
    const many = await embedMany({ model, values: ['tea', 'coffee'] });
    expect([one.embedding.length, one.usage.tokens, many.embeddings.length]).toEqual([256, 1, 2]);
    expect(many.embeddings[0]).toEqual(one.embedding);
  });

  it('embeds with an upstream model', async () => {
    const { embedding } = await embed({ model: provider().embeddingModel(EMBEDDING_MODEL), value: 'tea' });
    expect(embedding.length).toBe(8);
  });

  it.each([
    ['an unknown key', 401, 'cs_nobody_nothing', TEXT_MODEL],
    ['an unknown model', 404, undefined, 'gpt-0'],
  ])('reads the error of %s', async (_what, statusCode, key, model) => {
    const call = generateText({ model: provider(key)(model), prompt, maxRetries: 0 });
    const error = await call.catch((thrown: unknown) => thrown);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode, data: { error: { code: expect.any(String) } } });
  });
});
