import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

const sources = globSync(['src/**/*.ts', 'libs/**/*.ts'], { cwd: root }).filter((path) => !path.endsWith('.spec.ts'));

/** What only the outermost parts may touch, and where. */
const RESERVED: readonly { readonly what: string; readonly pattern: RegExp; readonly allowed: RegExp }[] = [
  { what: 'the environment', pattern: /process\.env\b/, allowed: /^src\/main\.ts$/ },
  {
    what: 'the wall clock',
    pattern: /\bDate\.now\(|new Date\(\)/,
    allowed: /^src\/kernel\/(clock|log)\.ts$|\/adapters\/|^libs\/sdk\//,
  },
  {
    what: 'timers',
    pattern: /\bset(Timeout|Interval)\(/,
    allowed: /^src\/(start|kernel\/clock)\.ts$|\/adapters\/|^libs\/sdk\/|worker/,
  },
  { what: 'unseeded randomness', pattern: /\bMath\.random\(/, allowed: /\/adapters\/|^libs\/sdk\// },
  { what: 'the network', pattern: /(?<![.\w])fetch\(/, allowed: /\/adapters\/|^libs\/sdk\// },
  { what: 'the console', pattern: /\bconsole\./, allowed: /^$/ },
];

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');

describe('only the outermost parts touch the outside', () => {
  it('there are sources to look at', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it.each(RESERVED)('$what', ({ pattern, allowed }) => {
    const found = sources.filter(
      (path) => !allowed.test(path) && pattern.test(withoutComments(readFileSync(join(root, path), 'utf8'))),
    );
    expect(found).toEqual([]);
  });
});

describe('names have a reason', () => {
  it('no file or folder is called utils, common, helpers or shared', () => {
    expect(sources.filter((path) => /(^|\/)(utils?|common|helpers?|shared)(\.|\/|-)/.test(path))).toEqual([]);
  });
});
