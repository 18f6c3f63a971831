import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, node, root, run, runAside, say } from './bootstrap.mjs';

/** Programs the integration suites start; each with the Debian package that brings it. */
const PROGRAMS = [
  { name: 'redis-server', paths: ['/usr/bin/redis-server', '/usr/local/bin/redis-server'], debian: 'redis-server' },
  { name: 'postgres', paths: ['/usr/lib/postgresql/*/bin/postgres'], debian: 'postgresql' },
  { name: 'chromium', paths: ['/usr/bin/chromium'], debian: 'chromium' },
];

install();
requirePrograms();

const tool = (/** @type {string} */ path) => join(root, 'node_modules', path);
/** @type {readonly (readonly [string, string[]])[]} */
const CHECKS = [
  ['format and lint', [tool('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings']],
  ['types', [tool('typescript7/bin/tsc'), '-p', 'test/tsconfig.json']],
  [
    'dependency rules',
    [tool('dependency-cruiser/bin/dependency-cruiser.mjs'), '--config', '.dependency-cruiser.mjs', 'src', 'libs'],
  ],
  ['unused code', [tool('knip/bin/knip.js'), '--config', '.knip.json']],
  ['OpenAPI lint', [tool('@redocly/cli/bin/cli.js'), 'lint', '--config', '.redocly.yaml', 'docs/openapi.json']],
];

let passed = 0;
let failed = 0;
count('build', run(node, ['scripts/build.mjs'], 'build'));
await Promise.all(CHECKS.map(async ([title, args]) => count(title, await runAside(node, args, title))));

const tests = runJest();
passed += tests.passed;
failed += tests.failed;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function count(/** @type {string} */ title, /** @type {boolean} */ ok) {
  say(`${ok ? 'ok  ' : 'FAIL'} ${title}`);
  if (ok) passed += 1;
  else failed += 1;
}

/** All tiers; a skipped test or a suite that did not run counts as failed. */
function runJest() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  const report = join(folder, 'report.json');
  const jest = ['--experimental-vm-modules', '--no-warnings', tool('jest/bin/jest.js'), '-c', 'test/jest.config.mjs'];
  run(node, [...jest, '--json', `--outputFile=${report}`, ...process.argv.slice(2)], 'tests');
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  rmSync(folder, { recursive: true, force: true });
  if (result === undefined) return { passed: 0, failed: 1 };
  const skipped = result.numPendingTests + result.numTodoTests;
  if (skipped > 0) say(`${skipped} tests were skipped: none may be`);
  const broken = result.numRuntimeErrorTestSuites + (result.numTotalTests === 0 ? 1 : 0);
  return { passed: result.numPassedTests, failed: result.numFailedTests + broken + skipped };
}

/** Installs missing programs where it can, otherwise names them in one line. */
function requirePrograms() {
  const missing = PROGRAMS.filter(({ name, paths }) => !paths.some(present) && !inPath(name));
  if (missing.length === 0) return;
  const packages = missing.map(({ debian }) => debian);
  const debianAsRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (debianAsRoot) {
    say(`Installing ${packages.join(', ')} for the integration tests …`);
    const apt = { stdio: /** @type {const} */ ('ignore'), env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update'], apt);
    if (spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], apt).status === 0) return;
  }
  say(
    `Install these first, then run the tests again: ${missing.map(({ name, debian }) => `${name} (Debian: ${debian})`).join(', ')}`,
  );
  process.stdout.write('0 passed, 1 failed\n');
  process.exit(1);
}

function present(/** @type {string} */ pattern) {
  return spawnSync('sh', ['-c', `ls ${pattern}`], { stdio: 'ignore' }).status === 0;
}

function inPath(/** @type {string} */ name) {
  return spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
}
