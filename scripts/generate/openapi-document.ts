import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '#src/app.js';
import { completeConfig, NodePrivateFiles } from '#src/auth/index.js';
import { createLog, loadConfig, StandardOutput, SystemClock } from '#src/kernel/index.js';
import { buildDocument } from '#src/openapi.js';

/** `docs/openapi.json`: the document of the application as it is built now. */
export async function openapiDocument(packageFile: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'countersign-openapi-'));
  const environment = loadConfig({ NODE_ENV: 'test', DATA_DIR, LOG_LEVEL: 'silent' }, () => undefined);
  const { config } = await completeConfig(environment, new NodePrivateFiles());
  const clock = new SystemClock();
  const log = createLog({ level: 'silent', version, destination: new StandardOutput(clock) });
  const app = await createApp({ config, log, build: { version, commit: 'docs' }, clock });
  try {
    await app.init();
    return `${JSON.stringify(buildDocument(app, version), null, 2)}\n`;
  } finally {
    await app.close();
    rmSync(DATA_DIR, { recursive: true, force: true });
  }
}
