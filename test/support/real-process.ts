import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const START_MS = 20_000;
const POLL_MS = 20;

/** A real server in a process of its own, stopped by its process id. */
export class ServerProcess {
  private output = '';
  private readonly ended: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    child.stdout?.on('data', (text) => this.keep(text));
    child.stderr?.on('data', (text) => this.keep(text));
    this.ended = new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', (error) => {
        this.keep(error.message);
        resolve();
      });
    });
  }

  /** Starts a program and waits until `ready` says so. */
  static async start(
    [program, ...parameters]: readonly [string, ...string[]],
    options: SpawnOptions,
    ready: () => Promise<boolean>,
  ): Promise<ServerProcess> {
    const server = new ServerProcess(
      spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'], ...options }),
      program,
    );
    const deadline = performance.now() + START_MS;
    while (!(await ready())) {
      if (!server.running || performance.now() > deadline) {
        await server.stop('SIGKILL');
        throw new Error(`${server.name} did not start: ${server.output.slice(-500)}`);
      }
      await delay(POLL_MS);
    }
    return server;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.child.kill(signal);
  }

  private get running(): boolean {
    const { pid, exitCode, signalCode } = this.child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** Signals the process and those it started. */
  signalAll(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (!this.running) return;
    this.child.kill(signal);
    for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')) {
      if (child !== '') signalIfRunning(Number(child), signal);
    }
  }

  /** Resolves when the process is gone. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    this.signalAll('SIGCONT');
    this.signal(signal);
    await this.ended;
  }

  private keep(text: unknown): void {
    this.output = (this.output + String(text)).slice(-4_000);
  }
}

/** A process that ended in the meantime needs no signal. */
function signalIfRunning(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // An error of Node itself is of another realm than the test.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
