import { createOpenAI } from '@ai-sdk/openai';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APICallError, generateObject, generateText, stepCountIs, streamObject, streamText, tool } from 'ai';
import { z } from 'zod';
import { CALL, FORMED, type Surface, startSurface, TEXT_MODEL, WORDS } from '../support/openai-surface.ts';

const prompt = 'What comes first?';
const Mill = z.object({ city: z.string(), sails: z.number() });
const PIXEL = 'iVBORw0KGgo=';

const weather = tool({
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `Windy in ${city}`,
});

describe('the AI SDK of Vercel with its provider for OpenAI, unmodified, which uses the Responses API', () => {
  let surface: Surface;
  const model = (apiKey = surface.apiKey) => createOpenAI({ baseURL: surface.baseURL, apiKey })(TEXT_MODEL);
  beforeAll(async () => {
    surface = await startSurface();
  }, 60_000);
  afterAll(() => surface[Symbol.asyncDispose]());

  const sent = () => Object(surface.upstream.requests.at(-1)?.body) as { readonly messages: readonly object[] };

  it('generates a text', async () => {
    const { text, usage, finishReason } = await generateText({ model: model(), system: 'Be brief', prompt });
    expect([text, finishReason]).toEqual([WORDS, 'stop']);
    expect(usage).toMatchObject({ inputTokens: 11, outputTokens: 7, totalTokens: 18 });
    expect(sent().messages).toMatchObject([{ role: 'system', content: 'Be brief' }, { role: 'user' }]);
  });

  it('streams a text', async () => {
    const { textStream, finishReason, usage } = streamText({ model: model(), prompt });
    expect((await Array.fromAsync(textStream)).join('')).toBe(WORDS);
    expect([await finishReason, (await usage).totalTokens]).toEqual(['stop', 18]);
  });

  it('generates an object of a schema', async () => {
    const { object } = await generateObject({ model: model(), schema: Mill, prompt });
    expect(object).toEqual(FORMED);
  });

  it('streams an object of a schema', async () => {
    const { partialObjectStream } = streamObject({ model: model(), schema: Mill, prompt });
    expect((await Array.fromAsync(partialObjectStream)).at(-1)).toEqual(FORMED);
  });

  it('lets the model call a tool, and goes on by references to what was said', async () => {
    const { text, steps } = await generateText({
      model: model(),
      tools: { weather },
      stopWhen: stepCountIs(3),
      prompt,
    });
    expect([text, steps.length]).toEqual([WORDS, 2]);
    expect(steps[0]?.toolCalls).toMatchObject([{ toolCallId: CALL.id, toolName: 'weather', input: { city: 'Kent' } }]);
    expect(sent().messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: CALL.id }] },
      { role: 'tool', content: 'Windy in Kent' },
    ]);
  });

  it('streams a call of a tool and the answer behind it', async () => {
    const { fullStream } = streamText({ model: model(), tools: { weather }, stopWhen: stepCountIs(3), prompt });
    const parts = await Array.fromAsync(fullStream);
    expect(parts.filter(({ type }) => type === 'error')).toEqual([]);
    const called = parts.find(({ type }) => type === 'tool-result');
    expect(called).toMatchObject({ toolCallId: CALL.id, output: 'Windy in Kent' });
    expect(parts.flatMap((part) => (part.type === 'text-delta' ? [part.text] : [])).join('')).toBe(WORDS);
  });

  it('goes on with a conversation that is stored, and with one that is not', async () => {
    for (const store of [true, false]) {
      const options = { providerOptions: { openai: { store } } };
      const first = await generateText({ model: model(), prompt, ...options });
      const messages = [
        { role: 'user' as const, content: prompt },
        ...first.response.messages,
        { role: 'user' as const, content: 'And then?' },
      ];
      expect((await generateText({ model: model(), messages, ...options })).text).toBe(WORDS);
      expect(sent().messages.slice(-2)).toMatchObject([
        { role: 'assistant', content: WORDS },
        { role: 'user', content: 'And then?' },
      ]);
    }
  });

  it('shows the model an image', async () => {
    const image = Buffer.from(PIXEL, 'base64');
    const content = [
      { type: 'text' as const, text: 'What is it?' },
      { type: 'file' as const, data: image, mediaType: 'image/png' },
    ];
    await generateText({ model: model(), messages: [{ role: 'user', content }] });
    expect(JSON.stringify(sent().messages)).toContain(`data:image/png;base64,${PIXEL}`);
  });

  it('names the error of a wrong key', async () => {
    const failed = generateText({ model: model('no-such-key-0123456789abcdef'), prompt, maxRetries: 0 });
    const error: unknown = await failed.catch((cause: unknown) => cause);
    expect(APICallError.isInstance(error) && error.statusCode).toBe(401);
  });
});
