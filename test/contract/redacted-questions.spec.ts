import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { redactionModes } from '#libs/redaction/index.js';
import type { TextRequest } from '#src/models/provider.port.js';
import { CANARY, redactedWorld } from '../support/redacted-world.ts';

const escaped = (text: string): string => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');

describe('what a model sees', () => {
  const request: TextRequest = {
    messages: [
      { role: 'system', content: `system ${CANARY}` },
      { role: 'user', content: `user ${CANARY}` },
      {
        role: 'user',
        content: [
          { type: 'text', text: `part ${CANARY}` },
          { type: 'image', url: `https://ada:${CANARY.replace('@', '1')}@example.com/a.png`, detail: 'low' },
        ],
      },
      {
        role: 'assistant',
        content: `said ${CANARY}`,
        toolCalls: [
          { id: `id ${CANARY}`, name: `name ${CANARY}`, arguments: JSON.stringify({ [CANARY]: [CANARY], to: CANARY }) },
          { id: 'c2', name: 'other', arguments: `no JSON {${CANARY}` },
        ],
      },
      {
        role: 'tool',
        callId: `id ${CANARY}`,
        content: `{"a":"${CANARY}","a":"b","u":"canary.lovelace\\u0040example.com"}`,
      },
    ],
    tools: [
      {
        name: `name ${CANARY}`,
        description: `describes ${CANARY}`,
        parameters: { type: 'object', properties: { password: { enum: [CANARY] }, [CANARY]: {} } },
      },
    ],
    toolChoice: { name: `name ${CANARY}` },
    format: { type: 'json_schema', name: CANARY, description: CANARY, schema: { description: CANARY } },
    stop: [CANARY],
    reasoningEffort: CANARY,
    temperature: 0.5,
    parallelToolCalls: true,
  };

  it.each(redactionModes)(
    'holds no find in any of its places, and is otherwise what was asked, in %s mode',
    async (mode) => {
      const { model, models, callOf } = redactedWorld({ direction: 'outbound', mode });
      await Array.fromAsync(models.text(request, callOf()));
      const seen = JSON.stringify(model.seen);
      expect(seen).not.toMatch(/canary/i);
      expect(model.seen[0]).toMatchObject({
        temperature: 0.5,
        parallelToolCalls: true,
        toolChoice: { name: 'name [redacted:email]' },
        tools: [{ parameters: { type: 'object', properties: { password: { enum: ['[redacted:email]'] } } } }],
      });
    },
  );

  it('has images in standard mode, which nobody looks into, and none in strict mode', async () => {
    const image = { type: 'image', url: 'data:image/png;base64,AAAA' } as const;
    const asked: TextRequest = { messages: [{ role: 'user', content: [image] }] };
    for (const [mode, content] of [
      ['standard', [image]],
      ['strict', [{ type: 'text', text: '[redacted:uninspected]' }]],
    ] as const) {
      const { model, models, callOf } = redactedWorld({ mode });
      await Array.fromAsync(models.text(asked, callOf()));
      expect(model.seen[0]).toMatchObject({ messages: [{ content }] });
    }
  });

  it.each([
    ['as it is', 'mail=a.b@example.com'],
    ['with escapes', 'mail=a.b%40example.com'],
    ['with every letter escaped', `m=${escaped('a.b@example.com')}`],
    ['with escapes of escapes', `m=${encodeURIComponent(escaped('a.b@example.com'))}`],
    ['with escapes of escapes without end', `m=%${'25'.repeat(9)}40`],
    ['with blanks of forms', 'tel=%2B49+30+901820'],
    ['in base64', 'm=YS5iQGV4YW1wbGUuY29t'],
    ['in base64 behind other letters', 'm=id-YS5iQGV4YW1wbGUuY29t'],
    ['in base64 of base64, escaped', `m=${encodeURIComponent(btoa(btoa('a.b@example.com')))}`],
    ['in hex', `m=${Buffer.from('a.b@example.com').toString('hex')}`],
  ])('has no image whose address holds a find %s', async (_how, query) => {
    const { model, models, callOf } = redactedWorld({ direction: 'outbound' });
    const image = (url: string) => ({ type: 'image', url }) as const;
    const plain = image('https://x.example/i/photo-2560px.jpg?w=640&sig=aeeed9bbccd4d02ee5c0109b86d86835');
    const content = [plain, image(`https://x.example/i.png?${query}`)];
    await Array.fromAsync(models.text({ messages: [{ role: 'user', content }] }, callOf()));
    const seen = [plain, { type: 'text', text: '[redacted:uninspected]' }];
    expect(model.seen[0]).toMatchObject({ messages: [{ content: seen }] });
  });

  it('is redacted where an address is written in the code of a URL, of JSON or of HTML', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'outbound' });
    const text = String.raw`see https://x.example/?m=a.b%40example.com, {"m":"a.b\u0040example.com"}, a.b&#64;example.com`;
    const calls = [{ id: 'c', name: 'f', arguments: JSON.stringify({ inner: text }) }];
    await Array.fromAsync(
      models.text(
        {
          messages: [
            { role: 'user', content: text },
            { role: 'assistant', content: text, toolCalls: calls },
            { role: 'tool', callId: 'c', content: text },
          ],
        },
        callOf(),
      ),
    );
    expect(JSON.stringify(model.seen)).not.toContain('a.b');
  });

  it('is redacted for embeddings and structured answers too', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'outbound' });
    await models.embed({ texts: [CANARY, 'plain'] }, callOf());
    const structured = { task: 't', input: { [CANARY]: CANARY }, system: CANARY, prompt: CANARY, schema: z.unknown() };
    await Array.fromAsync(models.structured(structured, callOf()));
    expect(JSON.stringify(model.seen)).not.toContain('canary');
    expect(model.seen[0]).toEqual({ texts: ['[redacted:email]', 'plain'] });
  });

  it('is refused in token ids, which nobody can look into, before anything is sent', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'outbound' });
    await expect(models.embed({ texts: [[15_339, 1]] }, callOf())).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(model.seen).toEqual([]);
    const inbound = redactedWorld({ direction: 'inbound' });
    await inbound.models.embed({ texts: [[15_339, 1]] }, inbound.callOf());
    expect(inbound.model.seen).toEqual([{ texts: [[15_339, 1]] }]);
  });

  it('keeps integers of tool results exact, however long', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'outbound' });
    const content = `{"id":90071992547409931234,"mail":"${CANARY}","small":1.5}`;
    await Array.fromAsync(models.text({ messages: [{ role: 'tool', callId: 'c', content }] }, callOf()));
    expect(model.seen[0]).toMatchObject({
      messages: [{ content: '{"id":90071992547409931234,"mail":"[redacted:email]","small":1.5}' }],
    });
  });

  it('is looked at in slices: others work meanwhile, whatever it is made of', async () => {
    const { models, callOf } = redactedWorld({ direction: 'outbound' });
    const many: TextRequest = {
      messages: Array.from({ length: 20_000 }, () => ({ role: 'user', content: 'a' })),
      tools: [{ name: 'f', parameters: { enum: Array.from({ length: 50_000 }, () => 'a') } }],
    };
    const call = models.text(many, callOf())[Symbol.asyncIterator]();
    let over = false;
    const first = call.next().finally(() => {
      over = true;
    });
    let turns = 0;
    for (; !over; turns += 1) await nextTurn();
    await first;
    expect(turns).toBeGreaterThan(40);
  });

  it('is what was sent when only answers are redacted', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'inbound' });
    await Array.fromAsync(models.text(request, callOf()));
    expect(model.seen[0]).toBe(request);
  });
});
