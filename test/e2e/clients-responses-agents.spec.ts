import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents';
import OpenAI from 'openai';
import { z } from 'zod';
import { FORMED, type Surface, startSurface, TEXT_MODEL, WORDS } from '../support/openai-surface.ts';

const Mill = z.object({ city: z.string(), sails: z.number() });

describe('the agents of OpenAI, unmodified', () => {
  let surface: Surface;
  let runner: Runner;
  const asked: string[] = [];
  const weather = tool({
    name: 'weather',
    description: 'How the weather is in a city',
    parameters: z.object({ city: z.string() }),
    execute: async ({ city }) => {
      asked.push(city);
      return `Windy in ${city}`;
    },
  });
  const agent = () => new Agent({ name: 'Miller', instructions: 'Be brief', model: TEXT_MODEL, tools: [weather] });

  beforeAll(async () => {
    surface = await startSurface();
    const client = new OpenAI({ baseURL: surface.baseURL, apiKey: surface.apiKey });
    const modelProvider = new OpenAIProvider({ openAIClient: client, useResponses: true });
    runner = new Runner({ modelProvider, tracingDisabled: true });
  }, 60_000);
  afterAll(() => surface[Symbol.asyncDispose]());

  const sent = () => Object(surface.upstream.requests.at(-1)?.body) as { readonly messages: readonly object[] };

  it('call a tool and answer with what it returned', async () => {
    asked.length = 0;
    const { finalOutput, rawResponses } = await runner.run(agent(), 'How is the weather in Kent?');
    expect([finalOutput, asked, rawResponses.length]).toEqual([WORDS, ['Kent'], 2]);
    expect(sent().messages).toMatchObject([
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: 'How is the weather in Kent?' },
      { role: 'assistant', tool_calls: [{ function: { name: 'weather' } }] },
      { role: 'tool', content: 'Windy in Kent' },
    ]);
  });

  it('do so over streams', async () => {
    asked.length = 0;
    const result = await runner.run(agent(), 'How is the weather in Kent?', { stream: true });
    const said = await Array.fromAsync(result.toTextStream());
    await result.completed;
    expect([said.join(''), result.finalOutput, asked]).toEqual([WORDS, WORDS, ['Kent']]);
  });

  it('go on behind the response before', async () => {
    const first = await runner.run(agent(), 'How is the weather in Kent?');
    const { lastResponseId = '' } = first;
    const second = await runner.run(agent(), 'And tomorrow?', { previousResponseId: lastResponseId });
    expect(second.finalOutput).toBe(WORDS);
    expect(JSON.stringify(sent().messages)).toContain('How is the weather in Kent?');
  });

  it('answer in the form they are told', async () => {
    const typed = new Agent({ name: 'Miller', instructions: 'Fill the form', model: TEXT_MODEL, outputType: Mill });
    expect((await runner.run(typed, 'Which mill?')).finalOutput).toEqual(FORMED);
  });

  it('pause for an approval, and call the tool once it is given', async () => {
    let ran = 0;
    const guarded = tool({
      name: 'weather',
      description: 'How the weather is in a city',
      parameters: z.object({ city: z.string() }),
      needsApproval: true,
      execute: async () => {
        ran += 1;
        return 'Windy';
      },
    });
    const careful = new Agent({ name: 'Miller', model: TEXT_MODEL, tools: [guarded] });
    const paused = await runner.run(careful, 'How is the weather?');
    expect([paused.interruptions.length, ran]).toEqual([1, 0]);
    for (const interruption of paused.interruptions) paused.state.approve(interruption);
    const done = await runner.run(careful, paused.state);
    expect([done.finalOutput, ran]).toEqual([WORDS, 1]);
  });
});
