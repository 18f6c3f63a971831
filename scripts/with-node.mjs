// Runs a script of this project on the pinned Node, whatever the host has: node scripts/with-node.mjs scripts/x.ts …
import { become, install, node } from './bootstrap.mjs';

install();
become(node, process.argv.slice(2));
