import { join } from 'node:path';
import { become, install, node, root, run } from './bootstrap.mjs';

install();
if (!run(node, [join(root, 'scripts', 'build.mjs')], 'build')) process.exit(1);
become(node, [join(root, 'dist', 'main.js')]);
