import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const main = join(import.meta.dirname, '../../dist/main.js');
const pretend = (version: string): string =>
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;

describe('a start', () => {
  it('on an older Node.js ends at once, with one line that names the version found and the one needed', () => {
    // A service that starts all the same stops at its settings.
    const env = { PORT: 'none' };
    const args = ['--import', pretend('20.20.2'), main];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Countersign needs Node\.js 24 or newer, and this is 20\.20\.2\.[^\n]*\n$/);
  });
});
