import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build } from 'esbuild';

// The compiled service and its libraries as one file: reading two thousand modules one by one is most of a start.

const FOLDER = join(process.cwd(), 'dist');
/** What checks the version of Node.js, and the service, which an older one need not be able to load. */
const ENTRIES = ['main', 'start'].map((name) => join(FOLDER, 'src', `${name}.js`));

/** Read files of their own at run time, or are optional peers that nobody installed. */
const EXTERNAL = [
  '@electric-sql/pglite',
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
  'pg-native',
  'swagger-ui-dist',
  'thread-stream',
  'unpdf',
];

/** What CommonJS libraries expect around them. */
const BANNER = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** Our modules find files beside themselves: the bundle tells each where that is. */
function located(/** @type {string} */ path, /** @type {string} */ code) {
  const own = relative(FOLDER, path).split(sep);
  const file = JSON.stringify(own.join('/'));
  const above = JSON.stringify(own.slice(0, -1).join('/'));
  return code
    .replaceAll('import.meta.dirname', `require('node:path').join(__dirname, ${above})`)
    .replaceAll('import.meta.url', `new URL(${file}, import.meta.url).href`);
}

/** `let X = class X` of a decorated class would be bundled as `class X2`, and the name is part of the API document. */
const named = (/** @type {string} */ code) => code.replaceAll(/^(let|const) (\w+) = class \2\b/gm, '$1 $2 = class');

/** @type {import('esbuild').Plugin} */
const sources = {
  name: 'sources',
  setup({ onLoad }) {
    const read = (/** @type {string} */ path) => named(readFileSync(path, 'utf8'));
    const loaded = (/** @type {string} */ path, /** @type {string} */ contents) =>
      /** @type {const} */ ({ contents, resolveDir: dirname(path), loader: 'js' });
    onLoad({ filter: /[\\/]dist[\\/](src|libs)[\\/].+\.js$/ }, ({ path }) => loaded(path, located(path, read(path))));
    onLoad({ filter: /[\\/]node_modules[\\/]@nestjs[\\/].+\.js$/ }, ({ path }) => loaded(path, read(path)));
  },
};

await build({
  entryPoints: ENTRIES,
  outdir: FOLDER,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  external: ['./start.js', ...EXTERNAL],
  banner: { js: BANNER },
  plugins: [sources],
});

keepOwnLines(join(FOLDER, 'start.js.map'));

/**
 * Leaves in a source map the lines of our own code. Node.js reads all of a map for the first stack trace and serves nobody
 * meanwhile: 0.4 s and 95 MB for every token of two thousand library files, 0.07 s and 3 MB for these.
 */
function keepOwnLines(/** @type {string} */ path) {
  const map = JSON.parse(readFileSync(path, 'utf8'));
  /** @type {string[]} */
  const sources = [];
  const places = map.sources.map((/** @type {string} */ source) =>
    source.includes('node_modules') ? undefined : sources.push(source) - 1,
  );
  let own = true;
  /** @type {import('@jridgewell/sourcemap-codec').SourceMapMappings} */
  const mappings = [];
  for (const [first] of decode(map.mappings)) {
    if (first === undefined || first.length === 1) {
      mappings.push([]);
      continue;
    }
    const [column, source, line, originalColumn] = first;
    const place = places[source];
    if (place !== undefined) mappings.push([[column, place, line, originalColumn]]);
    // Without an end, the last line before a library would stand for all of it.
    else mappings.push(own ? [[column]] : []);
    own = place !== undefined;
  }
  writeFileSync(path, JSON.stringify({ ...map, sources, names: [], mappings: encode(mappings) }));
}
