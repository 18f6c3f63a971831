import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { NEEDED_NODE, nodeFault } from './node-version.policy.js';

const fileOf = (name: string): string => readFileSync(join(import.meta.dirname, '..', name), 'utf8');

describe('the version of Node.js', () => {
  it.each(['24.0.0', '24.21.0', '25.1.0-nightly', '100.0.0'])('%s will do', (version) => {
    expect(nodeFault(version)).toBeUndefined();
  });

  it.each(['8.17.0', '18.20.8', '22.23.3', '23.11.1', '', 'unknown'])('%p is refused in one line', (version) => {
    const fault = nodeFault(version) ?? '';
    expect(fault).toContain(`needs Node.js ${NEEDED_NODE} or newer, and this is ${version}.`);
    expect(fault).not.toContain('\n');
  });

  it('that is needed is the one that is installed and shipped', () => {
    const { dependencies } = JSON.parse(fileOf('package.json')) as { dependencies: Record<string, string> };
    expect(Number.parseInt(dependencies['node'] ?? '', 10)).toBe(NEEDED_NODE);
    const images = [...fileOf('Dockerfile').matchAll(/^FROM node:(\d+)/gm)].map(([, major]) => Number(major));
    expect(new Set(images)).toEqual(new Set([NEEDED_NODE]));
  });
});
