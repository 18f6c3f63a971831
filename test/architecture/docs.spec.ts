import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { envExample } from '../../scripts/generate/env-example.ts';
import { errorsPage } from '../../scripts/generate/errors-page.ts';
import { openapiDocument } from '../../scripts/generate/openapi-document.ts';
import { publishedOperations } from '../support/operations.ts';

const root = join(import.meta.dirname, '../..');
const committed = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('generated files are what the code says (npm run docs:sync)', () => {
  it('docs/errors.md is the error table', () => {
    expect(committed('docs/errors.md')).toBe(errorsPage());
  });

  it('config/env.example is the configuration schema', () => {
    expect(committed('config/env.example')).toBe(envExample());
  });

  it('docs/openapi.json is the document the service serves', async () => {
    expect(committed('docs/openapi.json')).toBe(await openapiDocument(join(root, 'package.json')));
  });
});

describe('the published operations', () => {
  it.each(publishedOperations())('$name names each parameter once, and asks for no header', ({ parameters }) => {
    const names = parameters.map((parameter) => `${parameter.in} ${parameter.name.toLowerCase()}`);
    expect(names).toEqual([...new Set(names)]);
    expect(parameters.filter((parameter) => parameter.in === 'header' && parameter.required === true)).toEqual([]);
  });
});
