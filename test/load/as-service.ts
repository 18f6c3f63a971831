import { compileTicks } from '#src/compile-ticks.js';

/** Begins like `main`, and then runs the script that is named: what is measured is a process like the real one. */
await compileTicks();
await import(process.argv[2] ?? '');
