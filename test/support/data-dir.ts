import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const build = join(import.meta.dirname, '../../dist');
/** What a first start of the built service begins with. */
const TEMPLATE = join(build, 'src/storage/template.tar.gz');
/** The same as files, unpacked by whichever test needs it first; the next build takes it away. */
const UNPACKED = join(build, 'database');

/** A test has little to keep in memory, and clearing the engine's 128 MB is much of its start. */
const SETTINGS = 'shared_buffers = 8MB\n';

/**
 * A folder of its own for a service with this environment. In it is the empty embedded database that a first start would
 * make for twice the CPU time, unless the service uses another one or there is no build.
 */
export function makeDataDir(env: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  if (env['DATABASE_URL'] !== undefined || !existsSync(TEMPLATE)) return folder;
  if (!existsSync(UNPACKED)) unpack();
  cpSync(UNPACKED, join(folder, 'data'), { recursive: true });
  return folder;
}

/** Whole or not at all, as several tests may begin at once. */
function unpack(): void {
  const mine = `${UNPACKED}-${process.pid}`;
  mkdirSync(mine);
  execFileSync('tar', ['-xzf', TEMPLATE, '-C', mine], { stdio: 'ignore' });
  appendFileSync(join(mine, 'postgresql.auto.conf'), SETTINGS);
  try {
    renameSync(mine, UNPACKED);
  } catch (error) {
    rmSync(mine, { recursive: true });
    if (!existsSync(UNPACKED)) throw error;
  }
}
