import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { install, node, root, run, say } from './bootstrap.mjs';

// Leaves a build alone that is up to date: another process may be running from it.

install();
process.chdir(root);

const INPUTS = ['src/**/*', 'libs/**/*', 'package-lock.json', 'tsconfig.json', 'scripts/{build,bundle}.mjs'];
const ASSETS = ['src/**/*.sql', 'src/**/*.lua'];
const STAMP = 'dist/.built-from';

const fingerprint = createHash('sha256')
  .update(
    globSync(INPUTS)
      .filter((path) => statSync(path).isFile())
      .sort()
      .map((path) => `${path} ${statSync(path).size} ${statSync(path).mtimeMs}`)
      .join('\n'),
  )
  .digest('hex');

if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== fingerprint) {
  rmSync('dist', { recursive: true, force: true });
  if (!run(node, ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json'], 'compile')) process.exit(1);
  for (const path of globSync(ASSETS)) {
    mkdirSync(join('dist', dirname(path)), { recursive: true });
    cpSync(path, join('dist', path));
  }
  if (!run(node, ['node_modules/typescript7/bin/tsc', '-p', 'libs/signing/tsconfig.cjs.json'], 'compile'))
    process.exit(1);
  writeFileSync('dist/libs/signing-cjs/package.json', JSON.stringify({ type: 'commonjs' }));
  writeFileSync('dist/build.json', JSON.stringify({ version: version(), commit: commit() }));
  if (!run(node, ['dist/src/storage/write-template.js'], 'database template')) process.exit(1);
  if (!run(node, ['scripts/bundle.mjs'], 'bundle')) process.exit(1);
  writeFileSync(STAMP, fingerprint);
  say('Built.');
}

function version() {
  return JSON.parse(readFileSync('package.json', 'utf8')).version;
}

function commit() {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : (process.env['COUNTERSIGN_COMMIT'] ?? 'unknown');
}
