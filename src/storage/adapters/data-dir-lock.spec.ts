import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockDirectory } from './data-dir-lock.js';

let directory: string;
let lock: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'lock-'));
  lock = path.join(directory, 'lock');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What a process writes, as seen from its own lock. */
async function ownLock(): Promise<string> {
  const unlock = await lockDirectory(directory);
  const text = readFileSync(lock, 'utf8');
  unlock();
  return text;
}

const living = async (use: (pid: number) => Promise<void>): Promise<void> => {
  const child = spawn('sleep', ['30'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    if (child.pid === undefined) throw new Error('sleep did not start');
    await use(child.pid);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
};

describe('the lock of a data directory', () => {
  it('is given back', async () => {
    (await lockDirectory(directory))();
    expect(existsSync(lock)).toBe(false);
    (await lockDirectory(directory))();
  });

  it('refuses a second user in the same process', async () => {
    const unlock = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow(`in use by process ${process.pid}`);
    unlock();
  });

  it('refuses while another process lives', () =>
    living(async (pid) => {
      writeFileSync(lock, `${pid} -`);
      await expect(lockDirectory(directory)).rejects.toThrow(`in use by process ${pid}`);
      expect(readFileSync(lock, 'utf8')).toBe(`${pid} -`);
    }));

  it('replaces the lock of a process that was killed', async () => {
    let killed = 0;
    await living(async (pid) => {
      killed = pid;
    });
    writeFileSync(lock, `${killed} -`);
    (await lockDirectory(directory))();
  });

  it('replaces the lock of a process whose number belongs to another now', () =>
    living(async (pid) => {
      writeFileSync(lock, `${pid} another-boot:1`);
      (await lockDirectory(directory))();
    }));

  it('replaces the lock of an earlier process with our own number', async () => {
    const [pid] = (await ownLock()).split(' ');
    writeFileSync(lock, `${pid} another-boot:1`);
    (await lockDirectory(directory))();
    writeFileSync(lock, `${pid} -`);
    (await lockDirectory(directory))();
  });

  it.each(['', 'garbage', '0 -', '-1 -', '99999999999999999999 -'])('replaces a lock that says %p', async (text) => {
    writeFileSync(lock, text);
    (await lockDirectory(directory))();
  });

  it('goes to one of many that find a stale lock', async () => {
    writeFileSync(lock, 'garbage');
    const race = await Promise.allSettled(Array.from({ length: 5 }, () => lockDirectory(directory)));
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
