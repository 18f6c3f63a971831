import path from 'node:path';
import { writeTemplate } from './adapters/pglite-open.js';

// Run by the build, after the migrations were copied: node dist/src/storage/write-template.js
await writeTemplate(path.join(import.meta.dirname, 'template.tar.gz'));
