import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../support/app.ts';
import { base64, textPdf } from '../support/documents.ts';
import { type ServiceProcess, startService } from '../support/service-process.ts';

const KEY = 'built-service-key-0123456789abcdefghijkl';
const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const document = JSON.parse(read('docs/openapi.json'));

let service: ServiceProcess;

beforeAll(async () => {
  service = await startService({ env: { ASSIST_API_KEYS: `${KEY}@acme:user` } });
});
afterAll(() => service[Symbol.asyncDispose]());

describe('the built service', () => {
  it('serves the committed document: bundling renames nothing a client sees', async () => {
    const served = await fetch(`${service.url}/documentation/json`);
    expect(await served.json()).toEqual(document);
  });

  it('serves its documentation page and the assets of it', async () => {
    for (const path of ['/documentation', '/documentation/swagger-ui-bundle.js']) {
      expect((await fetch(`${service.url}${path}`)).status).toBe(200);
    }
  });

  it('finds the thread that reads a PDF', async () => {
    const quote = 'The main risk is that the old pumps fail again during a flood.';
    const draft = await fetch(`${service.url}/assist/draft-graph`, {
      method: 'POST',
      headers: { ...bearer(KEY), 'content-type': 'application/json' },
      body: JSON.stringify({
        brief: 'Should the town rebuild the pumping station, or repair the pumps it has?',
        attachments: [{ id: 'report', kind: 'pdf', name: 'report.pdf' }],
        attachment_payloads: { report: base64(textPdf([quote])) },
      }),
    });
    const { issues, graph } = (await draft.json()) as { issues: unknown[]; graph: unknown };
    expect(draft.status).toBe(200);
    expect(issues).toEqual([]);
    expect(JSON.stringify(graph)).toContain('report');
  });

  it('names lines of our own code in a stack trace, and reads no map of libraries for it', () => {
    const map = new SourceMap(JSON.parse(read('dist/start.js.map')));
    const built = read('dist/start.js').split('\n');
    const placeOf = (text: string): number => built.findIndex((line) => line.includes(text));
    const entryOf = (text: string) => map.findEntry(placeOf(text), 4);

    const own = entryOf('The store did not answer');
    const [source, line] = 'originalSource' in own ? [own.originalSource, own.originalLine] : ['', -1];
    expect(source).toMatch(/src\/storage\/dependency-gate\.ts$/);
    expect(read(source.slice(source.indexOf('src/'))).split('\n')[line]).toContain('The store did not answer');
    expect(entryOf('timeout exceeded when trying to connect')).toMatchObject({ originalSource: undefined });
    expect(map.payload.sources.filter((path) => path.includes('node_modules'))).toEqual([]);
  });
});
