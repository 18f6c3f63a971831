// Runs on whatever Node a fresh machine has (20 or newer), before anything is installed: built-in modules only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');

/** The pinned Node of this project. */
export const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');

/** Installs what the lock file names, when it is not there yet or the lock file changed. */
export function install() {
  const stamp = join(root, 'node_modules', '.installed-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && existsSync(node)) return;
  say('Installing dependencies (once) …');
  const npm = process.env['npm_execpath'];
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = npm === undefined ? run('npm', args, 'npm ci') : run(process.execPath, [npm, ...args], 'npm ci');
  if (!done) process.exit(1);
  writeFileSync(stamp, lock);
}

/** Runs a command to its end with our Node first in PATH; true when it exits with 0. */
export function run(/** @type {string} */ command, /** @type {string[]} */ args, /** @type {string} */ title) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment() });
  if (status === 0) return true;
  say(`${title} failed${error === undefined ? '' : `: ${error.message}`}`);
  return false;
}

/** Does what {@link run} does beside others: what the command says is shown at its end, and only when it fails. */
export function runAside(/** @type {string} */ command, /** @type {string[]} */ args, /** @type {string} */ title) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  /** @type {Buffer[]} */
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  return /** @type {Promise<boolean>} */ (
    new Promise((resolve) => {
      const failed = (/** @type {string} */ why) => {
        process.stderr.write(Buffer.concat(said));
        say(`${title} failed${why}`);
        resolve(false);
      };
      child.on('error', (error) => failed(`: ${error.message}`));
      child.on('close', (code) => (code === 0 ? resolve(true) : failed('')));
    })
  );
}

/** Starts a command, hands every signal on, and ends as it ends. */
export function become(/** @type {string} */ command, /** @type {string[]} */ args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: environment() });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

export function say(/** @type {string} */ line) {
  process.stderr.write(`${line}\n`);
}

function environment() {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
}
