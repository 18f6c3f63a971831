import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataDir } from './data-dir.ts';
import { generousLimits } from './generous-limits.ts';

const root = join(import.meta.dirname, '../..');

/** Longest start that is still believed to succeed, ms. */
const START_LIMIT_MS = 60_000;

export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Standard output and error so far. */
  readonly output: () => string;
  /** Sends a signal and waits for the end; answers the exit code, `null` when the signal killed it. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ServiceOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Kept when given, otherwise made and removed again. */
  readonly dataDir?: string;
}

/** The built service as a process of its own, listening on a free port. */
export async function startService({ env = {}, dataDir }: ServiceOptions = {}): Promise<ServiceProcess> {
  const folder = dataDir ?? makeDataDir(env);
  const child = spawn(process.execPath, [join(root, 'dist/main.js')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: folder,
      LOG_LEVEL: 'info',
      ...generousLimits,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  const output = (): string => chunks.join('');
  child.stdout.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  const url = await started(child, output);
  const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
    return child.exitCode;
  };
  return {
    url,
    pid: child.pid ?? 0,
    dataDir: folder,
    output,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop('SIGKILL');
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The address from what the service prints; rejects when the process ends or takes too long. */
function started(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}\n${output()}`));
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      fail('the service did not start in time');
    }, START_LIMIT_MS);
    child.stdout?.on('data', () => {
      const match = /Countersign listens on (\S+)/.exec(output());
      if (match?.[1] === undefined) return;
      clearTimeout(limit);
      resolve(match[1]);
    });
    child.once('exit', () => {
      clearTimeout(limit);
      fail('the service ended before it listened');
    });
  });
}
