import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { configFileFaults } from './config-file.js';

const folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PLANS = { name: 'config/plans.yaml', variable: 'PLANS_FILE' };
const Schema = z.strictObject({ plans: z.record(z.string(), z.number()) });

function written(text: string): string {
  const path = join(folder, 'planted.yaml');
  writeFileSync(path, text);
  return path;
}

describe('a file of config/', () => {
  it.each([
    ['is as its schema says', 'plans: { team: 1 }', []],
    ['has a member that is wrong', 'plans: { team: x }', ['PLANS_FILE plans.team (invalid_type)']],
    ['is no YAML', 'plans: {', ['PLANS_FILE (not YAML)']],
  ])('that a variable names %s: the variable and the place are said, its path is not', (_title, text, faults) => {
    expect(configFileFaults(PLANS, written(text), Schema)).toEqual(faults);
  });

  it('that a variable names must be there', () => {
    expect(configFileFaults(PLANS, join(folder, 'nowhere.yaml'), Schema)).toEqual(['PLANS_FILE (unreadable)']);
  });

  it('of the package is named itself', () => {
    expect(configFileFaults(PLANS, undefined, z.never())).toEqual(['config/plans.yaml (invalid_type)']);
  });
});
