import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Config, ConfigError, loadConfig } from '#src/kernel/index.js';
import { NodePrivateFiles } from './adapters/node-private-files.js';
import { completeConfig } from './local-credentials.js';

const files = new NodePrivateFiles();
const CONFIGURED = 'k7Jq2mZr9Xw4Tn6Vb8Lc3Hd5Fg1Sy0Pa';
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'countersign-'));
});
afterEach(() => rm(root, { recursive: true }));

const config = (variables: Record<string, string> = {}): Config =>
  loadConfig({ DATA_DIR: join(root, 'data'), ...variables }, () => undefined);
const file = () => join(root, 'data', 'credentials.json');
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('a first start outside production', () => {
  it('gets a key with every role of tenant default, a resume secret and a signing key', async () => {
    const completed = await completeConfig(config(), files);
    expect(completed).toMatchObject({ created: true, file: file() });
    expect(completed.config.ASSIST_API_KEYS.map((entry) => entry.reveal())).toEqual([
      `${completed.apiKey?.reveal()}@default:user+reviewer+approver+auditor+admin`,
    ]);
    expect(completed.config.SSE_RESUME_SECRET?.reveal()).toHaveLength(43);
    expect(completed.config.SIGNING_KEY?.reveal()).toContain('-----BEGIN PRIVATE KEY-----');
  });

  it('gives a configuration that could have been typed in', async () => {
    const { config: full } = await completeConfig(config(), files);
    const typed = {
      ASSIST_API_KEYS: full.ASSIST_API_KEYS.map((entry) => entry.reveal()).join(','),
      SSE_RESUME_SECRET: full.SSE_RESUME_SECRET?.reveal() ?? '',
      SIGNING_KEY: full.SIGNING_KEY?.reveal() ?? '',
      HMAC_SEALING_KEY: full.HMAC_SEALING_KEY?.reveal() ?? '',
    };
    expect((await completeConfig(config(typed), files)).file).toBeUndefined();
  });

  it('keeps them where only the owner reads, and leaves no draft behind', async () => {
    await completeConfig(config(), files);
    expect(await modeOf(file())).toBe(0o600);
    expect(await modeOf(join(root, 'data'))).toBe(0o700);
    expect(await readdir(join(root, 'data'))).toEqual(['credentials.json']);
  });

  it('shares what was made first when two processes start at once', async () => {
    const starts = await Promise.all(Array.from({ length: 8 }, () => completeConfig(config(), files)));
    expect(new Set(starts.map(({ apiKey }) => apiKey?.reveal())).size).toBe(1);
  });
});

describe('a later start', () => {
  it('uses the same credentials', async () => {
    const first = await completeConfig(config(), files);
    const second = await completeConfig(config(), files);
    expect(second.created).toBe(false);
    expect(second.apiKey?.reveal()).toBe(first.apiKey?.reveal());
    expect(second.config.SIGNING_KEY?.reveal()).toBe(first.config.SIGNING_KEY?.reveal());
  });

  it('takes a file that was made before signing secrets could be kept', async () => {
    const first = await completeConfig(config(), files);
    await writeFile(file(), (await readFile(file(), 'utf8')).replace(/ *"sealing_key": .*\n/, ''));
    const second = await completeConfig(config(), files);
    expect(first.config.HMAC_SEALING_KEY?.reveal()).toHaveLength(43);
    expect(second.config.HMAC_SEALING_KEY).toBeUndefined();
    expect(second.apiKey?.reveal()).toBe(first.apiKey?.reveal());
  });

  it('makes a file private again that others could read', async () => {
    await completeConfig(config(), files);
    await chmod(file(), 0o644);
    await completeConfig(config(), files);
    expect(await modeOf(file())).toBe(0o600);
  });

  it.each([
    ['is cut short', (text: string) => text.slice(0, 40)],
    ['is empty', () => ''],
    ['holds another key type', (text: string) => text.replace('"signing_key": "', '"signing_key": "x')],
    ['has an unknown field', (text: string) => text.replace('{', '{ "extra": 1,')],
    ['has a key that would split into two', (text: string) => text.replace('cs_local_', 'cs,local@')],
  ])('fails with the name of the file when it %s', async (_title, damage) => {
    await completeConfig(config(), files);
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), damage(text));
    const attempt = completeConfig(config(), files);
    await expect(attempt).rejects.toThrow(ConfigError);
    await expect(attempt).rejects.toThrow(file());
    await expect(attempt).rejects.not.toThrow(JSON.parse(text).api_key);
  });

  it('does not follow a link that somebody put in the place of the file', async () => {
    await completeConfig(config(), files);
    await writeFile(join(root, 'planted.json'), await readFile(file(), 'utf8'));
    await rm(file());
    await symlink(join(root, 'planted.json'), file());
    await expect(completeConfig(config(), files)).rejects.toThrow(`${file()} (unreadable: ELOOP)`);
  });

  it('fails with the name of the file when there is no place for it', async () => {
    await writeFile(join(root, 'data'), 'a file where the folder should be');
    await expect(completeConfig(config(), files)).rejects.toThrow(file());
  });
});

describe('what is configured', () => {
  it('is left as it is, and only the rest is filled in', async () => {
    const completed = await completeConfig(config({ ASSIST_API_KEYS: CONFIGURED }), files);
    expect(completed.config.ASSIST_API_KEYS.map((entry) => entry.reveal())).toEqual([CONFIGURED]);
    expect(completed.apiKey).toBeUndefined();
    expect(completed.config.SIGNING_KEY).toBeDefined();
  });

  it('is all there is in production: nothing is made up', async () => {
    const production: Config = { ...config(), NODE_ENV: 'production' };
    expect(await completeConfig(production, files)).toEqual({
      config: production,
      created: false,
      file: undefined,
      apiKey: undefined,
    });
    expect(await readdir(root)).toEqual([]);
  });
});
