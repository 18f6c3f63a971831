import { join } from 'node:path';
import { become, node, root, run } from './bootstrap.mjs';

// npm run bench [-- <row> … --quick --accept --profile --no-pin]: builds, then measures (test/load/main.ts).
// The harness starts real databases with the tests' own starters, whose syntax is more than types to strip.

if (!run(node, [join(root, 'scripts', 'build.mjs')], 'build')) process.exit(1);
const flags = ['--experimental-transform-types', '--no-warnings'];
become(node, [...flags, join(root, 'test', 'load', 'main.ts'), ...process.argv.slice(2)]);
