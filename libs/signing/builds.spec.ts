import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as sources from './index.js';
import { vectorResults } from './testing/vector-results.js';
import { readVectors } from './testing/vectors.js';

const here = import.meta.dirname;
const compiler = join(here, '../../node_modules/typescript7/bin/tsc');
const project = join(here, 'tsconfig.cjs.json');
const vectors = readVectors(here);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-signing-'));
  build('esm', 'module', ['--module', 'NodeNext', '--moduleResolution', 'NodeNext']);
  build('cjs', 'commonjs', []);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function build(name: string, type: string, options: readonly string[]): void {
  const target = join(folder, name);
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', target, ...options]);
  writeFileSync(join(target, 'package.json'), JSON.stringify({ type }));
}

/** A process of its own, where `require` takes CommonJS and nothing else. */
function inNode(load: string): { readonly names: readonly string[]; readonly results: unknown } {
  const script = `
    import { createRequire } from 'node:module';
    import { vectorResults } from ${JSON.stringify(pathToFileURL(join(here, 'testing/vector-results.ts')).href)};
    import { readVectors } from ${JSON.stringify(pathToFileURL(join(here, 'testing/vectors.ts')).href)};
    const require = createRequire(${JSON.stringify(join(folder, 'any.js'))});
    const library = ${load};
    const results = vectorResults(library, readVectors(${JSON.stringify(here)}));
    process.stdout.write(JSON.stringify({ names: Object.keys(library).sort(), results }));
  `;
  const options = ['--no-experimental-require-module', '--no-warnings', '--input-type=module'];
  return JSON.parse(
    execFileSync(process.execPath, [...options, '-e', script], { encoding: 'utf8', stdio: 'pipe' }),
  ) as {
    names: string[];
    results: unknown;
  };
}

describe('the builds', () => {
  it.each([
    ['ES modules', () => `await import(${JSON.stringify(pathToFileURL(join(folder, 'esm/index.js')).href)})`],
    ['CommonJS', () => `require(${JSON.stringify(join(folder, 'cjs/index.js'))})`],
  ])('say the same as the sources about every vector: %s', (_name, load) => {
    const built = inNode(load());
    expect(built.names).toEqual(Object.keys(sources).sort());
    expect(built.results).toEqual(JSON.parse(JSON.stringify(vectorResults(sources, vectors))));
  });

  it('are two: neither format loads the other one', () => {
    expect(() => inNode(`require(${JSON.stringify(join(folder, 'esm/index.js'))})`)).toThrow('ERR_REQUIRE_ESM');
  });
});
