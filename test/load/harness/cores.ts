import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const TASKSET = 'taskset';
const SERVER_CORE = '0';
const LOAD_CORE = '1';

/** Why processes cannot be kept apart on this machine; `undefined` when they can. */
export function pinningFault(): string | undefined {
  if (availableParallelism() < 2) return 'this machine has one core: server and load share it';
  const { error } = spawnSync(TASKSET, ['--version']);
  return error === undefined ? undefined : 'taskset is missing (Debian: util-linux): nothing is pinned to a core';
}

/** This process makes the load; whatever it starts without `onServerCore` stays beside it. */
export function moveToLoadCore(): void {
  spawnSync(TASKSET, ['--all-tasks', '--cpu-list', '--pid', LOAD_CORE, String(process.pid)]);
}

/** The command that runs `command` on the core of the servers; `taskset` becomes the command, so its pid is the server's. */
export const onServerCore = (command: readonly string[]): readonly string[] => [
  TASKSET,
  '--cpu-list',
  SERVER_CORE,
  ...command,
];
