import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envExample } from './generate/env-example.ts';
import { errorsPage } from './generate/errors-page.ts';
import { openapiDocument } from './generate/openapi-document.ts';

const root = join(import.meta.dirname, '..');

writeFileSync(join(root, 'docs/errors.md'), errorsPage());
writeFileSync(join(root, 'config/env.example'), envExample());
writeFileSync(join(root, 'docs/openapi.json'), await openapiDocument(join(root, 'package.json')));
