import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '#src/kernel/index.js';

const FILE = 'lock';
/** Longer than reading the lock and replacing it takes: of two that replace a stale lock the later one keeps it. */
const SETTLE_MS = 50;

/** Directories this process holds, whatever the files say. */
const held = new Set<string>();

/**
 * Takes a directory for this process. A lock left by a process that no longer runs is replaced, also when its number now
 * belongs to another process (a restarted container has the same one).
 *
 * @returns gives the directory back
 * @throws Error that names the process that holds it
 */
export async function lockDirectory(directory: string): Promise<() => void> {
  const lock = path.join(directory, FILE);
  const own = `${process.pid} ${birthOf(process.pid) ?? '-'}`;
  if (held.has(lock) || !(await take(lock, own))) {
    const pid = held.has(lock) ? process.pid : readLock(lock)?.split(' ')[0];
    throw new Error(
      `The data directory ${directory} is in use by process ${pid ?? '(just started)'}. One process at a time can use the ` +
        'embedded database: stop the other one, choose another DATA_DIR, or set DATABASE_URL.',
    );
  }
  held.add(lock);
  return () => {
    if (held.delete(lock)) rmSync(lock, { force: true });
  };
}

async function take(lock: string, own: string): Promise<boolean> {
  if (create(lock, own)) return true;
  const holder = readLock(lock);
  if (holder !== undefined && isRunning(holder)) return false;

  const replacement = `${lock}.${process.pid}`;
  writeFileSync(replacement, own);
  renameSync(replacement, lock);
  await delay(SETTLE_MS);
  return readLock(lock) === own;
}

function create(lock: string, own: string): boolean {
  try {
    writeFileSync(lock, own, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function readLock(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return undefined;
  }
}

function isRunning(holder: string): boolean {
  const [pid = '', birth = '-'] = holder.split(' ', 2);
  const number = Number(pid);
  if (!Number.isSafeInteger(number) || number <= 0 || !exists(number)) return false;
  const now = birthOf(number);
  // Without a birth to compare, this process cannot be the one that wrote the file: what it holds it knows.
  return now === undefined || birth === '-' ? number !== process.pid : now === birth;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** When a process started: boot and clock ticks since then. `undefined` where the system does not tell. */
function birthOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22, counted behind the command, which may hold spaces and parentheses.
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}
