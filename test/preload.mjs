// Jest runs CommonJS imports while it still links the ES module graph, so a CommonJS package that requires an
// ES-only one being linked fails with "require(esm) in a cycle". Evaluating these first avoids it.
import 'reflect-metadata';

await import('@nestjs/common');
await import('@nestjs/core');
await import('jose');
