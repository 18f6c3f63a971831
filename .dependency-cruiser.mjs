/** Folders of `src` by rank; a folder may import lower ranks only, never its own. Lower is earlier. */
const RANKS = [
  ['kernel'],
  ['http', 'storage'],
  ['audit'],
  ['auth'],
  ['quota', 'idempotency', 'streaming', 'models', 'jobs'],
  ['approval', 'evidence'],
  ['assist', 'openai', 'work'],
  ['metrics', 'health', 'console'],
];

const LIBS_ON_LIBS = ['sdk', 'console'];
const DRIVERS = '^(ioredis|pg|@electric-sql/pglite|drizzle-orm/(node-postgres|pglite))';
const FRAMEWORK = '^(@nestjs/|fastify|@fastify/|rxjs|reflect-metadata)';
const COMPOSITION = '^src/(app|app\\.module|compile-ticks|main|node-version\\.policy|openapi|start|welcome)\\.ts$';

const anyOf = (/** @type {string[]} */ names) => `(${names.join('|')})`;
const inNpm = (/** @type {string} */ pattern) => `node_modules/${pattern.replace(/^\^/, '')}`;

const rankRules = RANKS.flatMap((folders, rank) => {
  const above = RANKS.slice(rank + 1).flat();
  return folders.map((folder) => {
    // The top rank may use any front door, its neighbours' too.
    const beside = rank === RANKS.length - 1 ? [] : folders.filter((name) => name !== folder);
    const forbidden = [...above, ...beside].map((name) => `${name}/`);
    return {
      name: `rank-${folder}`,
      comment: `${folder} stands on rank ${rank + 1}: it may import lower ranks only`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: `^src/(${[...forbidden, '[^/]+\\.ts$'].join('|')})` },
    };
  });
});

export default {
  forbidden: [
    ...rankRules,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'front-door-only',
      comment: 'a module is reached through its index.ts; http has one more door, for the composition root',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/([^/]+)/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/http/edge/index\\.ts$'] },
    },
    {
      name: 'composition-through-front-doors',
      severity: 'error',
      from: { path: COMPOSITION },
      to: {
        path: '^src/[^/]+/',
        pathNot: ['^src/[^/]+/index\\.ts$', '^src/http/edge/index\\.ts$'],
      },
    },
    {
      name: 'libs-know-no-server',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(src|test|scripts)/' },
    },
    {
      name: 'libs-stand-alone',
      comment: 'libs use node: built-ins only',
      severity: 'error',
      from: { path: '^libs/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg'] },
    },
    {
      name: 'lib-on-lib',
      comment: 'only sdk and console build on other libs; every lib may use problem',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: `^libs/${anyOf(LIBS_ON_LIBS)}/` },
      to: { path: '^libs/([^/]+)/', pathNot: ['^libs/$1/', '^libs/problem/index\\.ts$'] },
    },
    {
      name: 'libs-front-door-only',
      severity: 'error',
      from: { path: '^(src|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/', pathNot: ['^libs/$2/', '^libs/[^/]+/index\\.ts$', '^libs/[^/]+/node\\.ts$'] },
    },
    {
      name: 'policies-are-pure',
      comment: 'no framework, clock or driver in a decision',
      severity: 'error',
      from: { path: '\\.(policy|machine)\\.ts$' },
      to: {
        path: [
          inNpm(FRAMEWORK),
          inNpm(DRIVERS),
          '^src/kernel/(clock|drain|log|kernel\\.module)\\.ts$',
          '\\.(service|controller|guard|filter|interceptor|module)\\.ts$',
        ],
      },
    },
    {
      name: 'policies-know-no-adapter',
      severity: 'error',
      from: { path: '^src/(?!.*/adapters/).*\\.(policy|machine)\\.ts$' },
      to: { path: '/adapters/' },
    },
    {
      name: 'services-know-no-http',
      severity: 'error',
      from: { path: '\\.service\\.ts$' },
      to: {
        path: [
          '^src/http/(?!index\\.ts$)',
          inNpm('^(fastify|@fastify/|@nestjs/platform-fastify)'),
          '^(node:)?http2?$',
          '\\.(controller|guard|filter|interceptor)\\.ts$',
        ],
      },
    },
    {
      name: 'adapters-are-chosen-by-modules',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '\\.module\\.ts$',
          '/adapters/',
          '\\.spec\\.ts$',
          '/index\\.ts$',
          '^src/storage/write-template\\.ts$',
        ],
      },
      to: { path: '/adapters/' },
    },
    {
      name: 'drivers-stay-in-storage',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/storage/' },
      to: { path: inNpm(DRIVERS) },
    },
    {
      name: 'product-knows-no-tests',
      severity: 'error',
      from: { path: '^(src|libs)/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['^test/', '\\.spec\\.ts$'] },
    },
    {
      name: 'runtime-needs-no-dev-dependency',
      severity: 'error',
      from: { path: '^(src|libs)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
