import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onServerCore } from './cores.ts';
import type { Plan } from './plan.ts';
import { RunFailed, type Sample } from './row.ts';
import { profileFlags, ROOT } from './server.ts';

const ENDS_WITHIN_MS = 120_000;
/** It opens parts of the service with the tests' own parts, whose syntax is more than types to strip. */
const FLAGS = ['--no-warnings', '--experimental-transform-types', '--expose-gc'];

/** Runs a script in a process of its own on the core of the servers; what it sends is what it found out. */
export async function sampleOf(plan: Plan, script: URL, argument: string): Promise<Sample> {
  const node = [process.execPath, ...FLAGS, ...profileFlags(plan), fileURLToPath(script), argument];
  const [command = '', ...args] = plan.pinned ? onServerCore(node) : node;
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  const child = spawn(command, args, { cwd: ROOT, stdio: [...stdio], timeout: ENDS_WITHIN_MS, killSignal: 'SIGKILL' });
  let sample: Sample | undefined;
  child.once('message', (message: Sample) => {
    sample = message;
  });
  const [code, signal] = await once(child, 'exit');
  if (sample === undefined || code !== 0) throw new RunFailed(`${argument}: ended with ${code ?? signal}`);
  return sample;
}
