import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError, codeOf, ed25519PrivateKey, Secret } from '#src/kernel/index.js';
import type { PrivateFiles } from './private-files.port.js';
import { Role } from './role.schema.js';

const SECRET_BYTES = 32;

/** The content of `credentials.json`. */
const LocalCredentials = z.strictObject({
  version: z.literal(1),
  api_key: z.string().regex(/^[A-Za-z0-9_-]{32,256}$/),
  resume_secret: z.string().min(32),
  /** Absent in files of older versions: they keep no signing secrets. */
  sealing_key: z.string().min(32).optional(),
  signing_key: z
    .string()
    .refine((text) => ed25519PrivateKey(text) !== undefined, 'Must be an Ed25519 private key in PEM'),
});
type LocalCredentials = z.infer<typeof LocalCredentials>;

/** What this machine's own credentials add to a configuration. */
export interface CompletedConfig {
  readonly config: Config;
  /** Whether the file was made by this start. */
  readonly created: boolean;
  /** Path of the file the missing secrets came from; `undefined` when nothing was missing. */
  readonly file: string | undefined;
  /** A key with every role in tenant `default`; `undefined` when keys are configured. */
  readonly apiKey: Secret | undefined;
}

/**
 * Fills in the secrets that a configuration outside production leaves out, from `DATA_DIR/credentials.json`, which is
 * made once and used again at every later start. In production nothing is filled in: `loadConfig` refuses the start.
 *
 * @throws {ConfigError} naming the file when it cannot be read, written or understood
 */
export async function completeConfig(config: Config, files: PrivateFiles): Promise<CompletedConfig> {
  const { SSE_RESUME_SECRET, SIGNING_KEY, HMAC_SEALING_KEY } = config;
  const complete =
    config.ASSIST_API_KEYS.length > 0 &&
    [SSE_RESUME_SECRET, SIGNING_KEY, HMAC_SEALING_KEY].every((secret) => secret !== undefined);
  if (config.NODE_ENV === 'production' || complete) {
    return { config, created: false, file: undefined, apiKey: undefined };
  }
  const file = join(config.DATA_DIR, 'credentials.json');
  const { local, created } = await readOrCreate(file, files);
  const apiKey = config.ASSIST_API_KEYS.length > 0 ? undefined : new Secret(local.api_key);
  return { config: filledIn(config, local), created, file, apiKey };
}

function filledIn(config: Config, local: LocalCredentials): Config {
  const entry = new Secret(`${local.api_key}@default:${Role.options.join('+')}`);
  return Object.freeze({
    ...config,
    ASSIST_API_KEYS: config.ASSIST_API_KEYS.length > 0 ? config.ASSIST_API_KEYS : [entry],
    SSE_RESUME_SECRET: config.SSE_RESUME_SECRET ?? new Secret(local.resume_secret),
    SIGNING_KEY: config.SIGNING_KEY ?? new Secret(local.signing_key),
    HMAC_SEALING_KEY:
      config.HMAC_SEALING_KEY ?? (local.sealing_key === undefined ? undefined : new Secret(local.sealing_key)),
  });
}

async function readOrCreate(file: string, files: PrivateFiles): Promise<{ local: LocalCredentials; created: boolean }> {
  const found = await attempt(file, 'unreadable', () => files.read(file));
  if (found !== undefined) return { local: parse(file, found), created: false };
  await attempt(file, 'cannot be written', () => files.create(file, `${JSON.stringify(newCredentials(), null, 2)}\n`));
  const stored = await attempt(file, 'unreadable', () => files.read(file));
  return { local: parse(file, stored ?? ''), created: true };
}

function newCredentials(): LocalCredentials {
  const random = (): string => randomBytes(SECRET_BYTES).toString('base64url');
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    version: 1,
    api_key: `cs_local_${random()}`,
    resume_secret: random(),
    sealing_key: random(),
    signing_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function parse(file: string, text: string): LocalCredentials {
  const parsed = LocalCredentials.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const places = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the whole file'))];
  throw new ConfigError([`${file} (damaged: ${places.join(', ')}; delete it to get new credentials)`]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function attempt<T>(file: string, fault: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    throw new ConfigError([`${file} (${fault}${code === undefined ? '' : `: ${code}`})`]);
  }
}
