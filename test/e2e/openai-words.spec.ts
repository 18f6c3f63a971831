import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { makeDataDir } from '../support/data-dir.ts';
import {
  type PlayedSurface,
  type Surface,
  startPlayedSurface,
  startSurface,
  TEXT_MODEL,
} from '../support/openai-surface.ts';
import { answering, refusing } from '../support/scripted-upstream-scripts.ts';

/** U+0000 and half a character, as models write them now and then. */
const ODD = 'Tea \0 first, \ud800 then';
const scratch = makeDataDir({});
const POLICY = join(scratch, 'redaction.yaml');

let played: PlayedSurface;
let redacted: Surface;

beforeAll(async () => {
  writeFileSync(POLICY, 'default: { direction: both, mode: standard }\ntenants: {}\n');
  played = await startPlayedSurface();
  redacted = await startSurface(undefined, { REDACTION_FILE: POLICY });
});
afterAll(async () => {
  await Promise.all([played, redacted].map((surface) => surface[Symbol.asyncDispose]()));
  rmSync(scratch, { recursive: true });
});

describe('a response of a model that writes what no caller may', () => {
  it.each([
    ['words', answering(ODD, {}), { type: 'output_text', text: ODD }],
    ['a refusal', refusing(ODD, {}), { type: 'refusal', refusal: ODD }],
  ])('is told as it was written, and kept: %s', async (_what, script, said) => {
    played.play(script);
    const response = await played.client.responses.create({ model: TEXT_MODEL, input: 'What first?' });
    expect(response.output).toMatchObject([{ content: [said] }]);
    expect(await played.client.responses.retrieve(response.id)).toMatchObject({ output: [{ content: [said] }] });
    expect(await played.client.responses.cancel(response.id)).toMatchObject({ status: 'completed' });
  });

  it('is gone on with', async () => {
    played.play(answering(ODD, {}));
    const before = await played.client.responses.create({ model: TEXT_MODEL, input: 'What first?' });
    const asked = { model: TEXT_MODEL, input: 'And then?', previous_response_id: before.id };
    expect(await played.client.responses.create(asked)).toMatchObject({ status: 'completed' });
  });
});

describe('a response whose tools are redacted', () => {
  it('shows them, although no caller may call them so', async () => {
    const client = new OpenAI(redacted);
    const form = { type: 'function' as const, parameters: { type: 'object', properties: {} }, strict: false };
    const named = { ...form, name: 'GB82WEST12345698765432', description: 'Pays' };
    const described = { ...form, name: 'write', description: `${'a'.repeat(4_080)} me@sea.example` };
    const asked = { model: TEXT_MODEL, input: 'What first?', tools: [named, described] };
    const { tools } = await client.responses.create(asked);
    expect(tools).toMatchObject([
      { name: '[redacted:iban]', description: 'Pays' },
      { name: 'write', description: `${'a'.repeat(4_080)} [redacted:email]` },
    ]);
  });
});
