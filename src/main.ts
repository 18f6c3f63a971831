import module from 'node:module';
import { compileTicks } from './compile-ticks.js';
import { nodeFault } from './node-version.policy.js';

const fault = nodeFault(process.versions.node);
if (fault !== undefined) {
  process.stderr.write(`${fault}\n`);
  process.exit(1);
}

// Not the command line option: with that, making a logger looks up where it was made, and so reads all of the source map.
module.setSourceMapsSupport(true);
await compileTicks();
// Not a static import: an older Node.js would fail to load the service before the first line of this file.
const { start } = await import('./start.js');
await start(process.env);
