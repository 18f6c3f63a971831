import { dirname } from 'node:path';

const rootDir = dirname(import.meta.dirname);

const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', decorators: true, explicitResourceManagement: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
};

/**
 * One tier of tests. ES modules and decorators through SWC; types are checked by the compiler, not here.
 * Loading Nest takes longer than most unit tests, so only tiers that build the application load it in advance.
 */
const tier = (
  /** @type {string} */ displayName,
  /** @type {string[]} */ testMatch,
  setupFiles = ['<rootDir>/test/preload.mjs'],
) => ({
  displayName,
  rootDir,
  testEnvironment: 'node',
  setupFiles,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^#src/(.*)\\.js$': '<rootDir>/src/$1.ts',
    '^#libs/(.*)\\.js$': '<rootDir>/libs/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform,
  testMatch,
});

export default {
  rootDir,
  // One more than the two cores that are there at least: tests of processes and of time mostly wait.
  maxWorkers: 3,
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/test/longest-first.mjs',
  // Jest gives a test 5 s; tests of real processes and sockets take as long as what they wait for.
  testTimeout: 60_000,
  projects: [
    tier('unit', ['<rootDir>/src/**/*.spec.ts', '<rootDir>/libs/**/*.spec.ts'], ['reflect-metadata']),
    tier('architecture', ['<rootDir>/test/architecture/**/*.spec.ts']),
    tier('contract', ['<rootDir>/test/contract/**/*.spec.ts']),
    tier('e2e', ['<rootDir>/test/e2e/**/*.spec.ts']),
    tier('security', ['<rootDir>/test/security/**/*.spec.ts']),
    tier('faults', ['<rootDir>/test/faults/**/*.spec.ts']),
  ],
};
