import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, root } from '../bootstrap.mjs';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 12_000;
const DEFAULT_URL = 'http://127.0.0.1:3101';

/** A reason to stop that is told without a stack. */
export class Stop extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

export interface Service {
  readonly url: string;
  readonly apiKey: string;
  /** Stops it, if it was started here. */
  readonly end: () => Promise<void>;
}

/** The service that runs already, else one of our own. */
export async function findService(): Promise<Service> {
  const { COUNTERSIGN_URL, COUNTERSIGN_API_KEY, DATA_DIR = join(root, '.countersign') } = process.env;
  const url = COUNTERSIGN_URL ?? DEFAULT_URL;
  if (await ready(url)) {
    process.stdout.write(`Using the service on ${url}\n`);
    return { url, apiKey: COUNTERSIGN_API_KEY ?? keyIn(DATA_DIR), end: () => Promise.resolve() };
  }
  if (COUNTERSIGN_URL !== undefined) throw new Stop(2, `No ready Countersign service answers on ${url}`);
  process.stdout.write('No service is running: starting one for this demonstration …\n');
  return startService();
}

async function ready(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(3_000) });
    return response.ok && response.headers.has('x-service-version');
  } catch {
    return false;
  }
}

function keyIn(dataDir: string): string {
  const path = join(dataDir, 'credentials.json');
  try {
    const { api_key }: { api_key?: unknown } = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof api_key === 'string') return api_key;
  } catch {
    // Told below: to the reader it is the same whether the file is missing or broken.
  }
  throw new Stop(
    2,
    `No API key: set COUNTERSIGN_API_KEY, or DATA_DIR to the folder of credentials.json (not in ${path})`,
  );
}

async function startService(): Promise<Service> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
  const child = spawn(node, [join(root, 'dist/main.js')], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = async (): Promise<void> => {
    await stop(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  process.once('SIGINT', () => void end().finally(() => process.exit(130)));
  try {
    const url = await addressOf(child);
    process.stdout.write(`Started on ${url}, data in ${dataDir}\n`);
    return { url, apiKey: keyIn(dataDir), end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  const output: string[] = [];
  for (const pipe of [child.stdout, child.stderr]) pipe?.on('data', (text: Buffer) => output.push(text.toString()));
  const until = performance.now() + START_LIMIT_MS;
  while (performance.now() < until && child.exitCode === null) {
    const url = /listens on (http\S+)/.exec(output.join(''))?.[1];
    if (url !== undefined && (await ready(url))) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Stop(2, `The service did not start:\n${output.join('')}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exit;
  clearTimeout(impatience);
}
