import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.ts';
import { onServerCore } from './cores.ts';
import type { Plan } from './plan.ts';
import { RunFailed } from './row.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

const READY_WITHIN_MS = 60_000;
const POLL_MS = 4;
const STOP_WITHIN_MS = 10_000;
const KEPT_ERROR_CHARACTERS = 4_000;

export interface ServerOptions {
  readonly plan: Plan;
  readonly script: URL;
  /** For the script. */
  readonly argument?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly core: 'server' | 'load';
  /** Kept when the server stops; a temporary folder that is removed when left out. */
  readonly dataDir?: string;
}

/** Of a process that is measured. */
export const profileFlags = ({ profiled }: Plan): readonly string[] =>
  profiled ? ['--cpu-prof', `--cpu-prof-dir=${join(ROOT, '.bench', 'profiles')}`] : [];

const running = new Set<Server>();

/** Stops every server that this process started. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

/** A child process that listens on loopback. Its standard output goes nowhere, as a log would to a sink that costs nothing. */
export class Server {
  readonly child: ChildProcess;
  readonly port: number;
  /** On the clock of `performance.now()`. */
  readonly spawnedAt = performance.now();
  private readonly name: string;
  private readonly scratch: string | undefined;
  private readonly exited: Promise<unknown>;
  private errors = '';

  private constructor(
    child: ChildProcess,
    { port, name, scratch }: { port: number; name: string; scratch: string | undefined },
  ) {
    this.child = child;
    this.port = port;
    this.name = name;
    this.scratch = scratch;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-KEPT_ERROR_CHARACTERS);
    });
    this.exited = once(child, 'exit');
    running.add(this);
  }

  static async spawn({ plan, script, argument, env, core, dataDir }: ServerOptions): Promise<Server> {
    const port = await freePort();
    const scratch = dataDir === undefined ? mkdtempSync(join(tmpdir(), 'countersign-bench-')) : undefined;
    const path = fileURLToPath(script);
    const flags = ['--no-warnings', ...profileFlags(plan)];
    const node = [process.execPath, ...flags, path, ...(argument === undefined ? [] : [argument])];
    const [command = '', ...args] = plan.pinned && core === 'server' ? onServerCore(node) : node;
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir ?? scratch, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    return new Server(child, { port, scratch, name: path.slice(ROOT.length + 1) });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new RunFailed(`${this.name} did not start`);
    return this.child.pid;
  }

  /** Waits for a 200; answers when it came, on the clock of `performance.now()`. */
  async answers(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (performance.now() < deadline) {
      this.mustLive();
      const status = await statusOf(`http://127.0.0.1:${this.port}${path}`, headers);
      if (status === 200) return performance.now();
      if (status !== undefined && status !== 503) throw new RunFailed(`${this.name} answered ${path} with ${status}`);
      await delay(POLL_MS);
    }
    throw new RunFailed(`${this.name} did not answer ${path} within ${READY_WITHIN_MS} ms\n${this.errors}`);
  }

  mustLive(): void {
    if (!this.ended) return;
    throw new RunFailed(`${this.name} ended (${this.child.exitCode ?? this.child.signalCode})\n${this.errors}`);
  }

  async stop(): Promise<void> {
    running.delete(this);
    if (!this.ended) {
      this.child.kill('SIGTERM');
      const tooSlow = setTimeout(() => this.child.kill('SIGKILL'), STOP_WITHIN_MS);
      await this.exited;
      clearTimeout(tooSlow);
    }
    if (this.scratch !== undefined) rmSync(this.scratch, { recursive: true, force: true });
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** `undefined` when nobody listens yet. */
function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve) => {
    get(url, { agent: false, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    }).on('error', () => resolve(undefined));
  });
}
