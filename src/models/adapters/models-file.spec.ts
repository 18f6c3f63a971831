import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '#src/kernel/index.js';
import { modelRules, readModelsFile } from './models-file.js';

describe('what the environment says of endpoints', () => {
  let folder = '';
  let file = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-models-'));
    file = join(folder, 'models.yaml');
    writeFileSync(file, 'endpoints: { vllm: { base_url: "http://127.0.0.1:8000/v1", models: [qwen] } }');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const load = (env: Readonly<Record<string, string>>) =>
    loadConfig({ MODELS_FILE: file, ...env }, () => undefined, modelRules);

  it('is taken: their place in the order, and their keys', () => {
    const config = load({ MODEL_PROVIDERS: 'vllm,embedded', MODEL_ENDPOINT_KEYS: 'vllm=a=b' });
    expect(config.MODEL_PROVIDERS).toEqual(['vllm', 'embedded']);
    expect(config.MODEL_ENDPOINT_KEYS?.get('vllm')?.reveal()).toBe('a=b');
    expect(String(config.MODEL_ENDPOINT_KEYS?.get('vllm'))).not.toContain('a=b');
    expect(Object.keys(readModelsFile(config).endpoints)).toEqual(['vllm']);
  });

  it.each([
    ['a provider that is nowhere', { MODEL_PROVIDERS: 'embedded,vlm' }, ['MODEL_PROVIDERS (names no provider)']],
    ['a key of nobody', { MODEL_ENDPOINT_KEYS: 'vlm=secret' }, ['MODEL_ENDPOINT_KEYS (names no provider)']],
    [
      'a key of a built-in provider, which has a variable of its own',
      { MODEL_ENDPOINT_KEYS: 'openai=secret' },
      ['MODEL_ENDPOINT_KEYS (names no provider)'],
    ],
    [
      'both',
      { MODEL_PROVIDERS: 'constructor', MODEL_ENDPOINT_KEYS: 'tostring=secret' },
      ['MODEL_PROVIDERS (names no provider)', 'MODEL_ENDPOINT_KEYS (names no provider)'],
    ],
    [
      'a file that is away, and nothing that follows from it',
      { MODELS_FILE: 'x', MODEL_PROVIDERS: 'vllm' },
      ['MODELS_FILE (unreadable)'],
    ],
  ])('is refused at the start: %s', (_title, env, faults) => {
    expect(() => load(env)).toThrow(new ConfigError(faults));
  });
});
