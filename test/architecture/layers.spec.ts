import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

/** Files that each break one rule, and nothing else; side by side, so that they are looked at together. */
const PLANTED: readonly { readonly rule: string; readonly file: string; readonly text: string }[] = [
  { rule: 'rank-kernel', file: 'src/kernel/planted-rank-kernel.ts', text: "import '#src/storage/index.js';" },
  { rule: 'rank-storage', file: 'src/storage/planted-rank-storage.ts', text: "import '#src/http/index.js';" },
  { rule: 'rank-audit', file: 'src/audit/planted-rank-audit.ts', text: "import '#src/auth/index.js';" },
  { rule: 'rank-models', file: 'src/models/planted-rank-models.ts', text: "import '#src/streaming/index.js';" },
  { rule: 'rank-streaming', file: 'src/streaming/planted-rank-streaming.ts', text: "import '#src/assist/index.js';" },
  { rule: 'rank-http', file: 'src/http/planted-rank-http.ts', text: "import '../app.js';" },
  {
    rule: 'front-door-only',
    file: 'src/assist/planted-front-door-only.ts',
    text: "import '#src/streaming/inside.js';",
  },
  { rule: 'composition-through-front-doors', file: 'src/main.ts', text: "import './streaming/inside.js';" },
  {
    rule: 'libs-know-no-server',
    file: 'libs/sse/planted-libs-know-no-server.ts',
    text: "import '#src/kernel/index.js';",
  },
  { rule: 'libs-stand-alone', file: 'libs/sse/planted-libs-stand-alone.ts', text: "import 'zod';" },
  { rule: 'lib-on-lib', file: 'libs/ledger/planted-lib-on-lib.ts', text: "import '#libs/sse/index.js';" },
  {
    rule: 'libs-front-door-only',
    file: 'src/streaming/planted-libs-front-door-only.ts',
    text: "import '#libs/sse/inside.js';",
  },
  {
    rule: 'policies-are-pure',
    file: 'src/streaming/planted-policies-are-pure.policy.ts',
    text: "import '@nestjs/common';",
  },
  {
    rule: 'policies-know-no-adapter',
    file: 'src/models/planted-policies-know-no-adapter.policy.ts',
    text: "import './adapters/planted.js';",
  },
  {
    rule: 'services-know-no-http',
    file: 'src/streaming/planted-services-know-no-http.service.ts',
    text: "import 'fastify';",
  },
  {
    rule: 'adapters-are-chosen-by-modules',
    file: 'src/models/planted-adapters-are-chosen-by-modules.ts',
    text: "import './adapters/planted.js';",
  },
  {
    rule: 'drivers-stay-in-storage',
    file: 'src/streaming/planted-drivers-stay-in-storage.ts',
    text: "import 'ioredis';",
  },
  {
    rule: 'product-knows-no-tests',
    file: 'src/streaming/planted-product-knows-no-tests.ts',
    text: "import '../../test/support.js';",
  },
  {
    rule: 'runtime-needs-no-dev-dependency',
    file: 'src/streaming/planted-runtime-needs-no-dev-dependency.ts',
    text: "import 'jest';",
  },
  { rule: 'no-cycles', file: 'src/streaming/planted-no-cycles.ts', text: "import './planted-no-cycles.js';" },
  { rule: 'resolvable', file: 'src/streaming/planted-resolvable.ts', text: "import './nowhere.js';" },
];

const STANDING = [
  ...['kernel', 'http', 'storage', 'audit', 'auth', 'streaming', 'models', 'assist'].map(
    (name) => `src/${name}/index.ts`,
  ),
  ...['problem', 'sse', 'ledger'].map((name) => `libs/${name}/index.ts`),
  'src/app.ts',
  'src/streaming/inside.ts',
  'libs/sse/inside.ts',
  'src/models/adapters/planted.ts',
  'test/support.ts',
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

interface Report {
  readonly summary: { readonly violations: readonly Violation[] };
}

describe('dependency rules', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-layers-'));
    for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs'])
      cpSync(join(root, file), join(folder, file));
    for (const file of STANDING) write(file, 'export const standing = 1;');
    for (const name of ['zod', 'ioredis', 'fastify', '@nestjs/common', 'jest']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, 'module.exports = 1;');
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
  }

  function violations(): readonly Violation[] {
    const args = [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src', 'libs'];
    const text = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    return (JSON.parse(text) as Report).summary.violations;
  }

  it('find nothing where nothing is wrong', () => {
    expect(violations()).toEqual([]);
  });

  it('each have a violation planted below', async () => {
    const { default: config } = (await import('../../.dependency-cruiser.mjs')) as {
      default: { forbidden: { name: string }[] };
    };
    const names = config.forbidden.map(({ name }) => name).filter((name) => !name.startsWith('rank-'));
    expect(names.sort()).toEqual(
      PLANTED.map(({ rule }) => rule)
        .filter((rule) => !rule.startsWith('rank-'))
        .sort(),
    );
  });

  describe('over the planted files', () => {
    let found: readonly Violation[] = [];
    beforeAll(() => {
      for (const { file, text } of PLANTED) write(file, text);
      found = violations();
    });

    it.each(PLANTED)('$rule is caught in $file', ({ rule, file }) => {
      expect(found.filter(({ from }) => from === file).map((each) => each.rule.name)).toContain(rule);
    });
  });
});
