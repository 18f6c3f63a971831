import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '#src/app.js';
import { completeConfig, NodePrivateFiles } from '#src/auth/index.js';
import { type Build, createLog, loadConfig, SystemClock, versionText } from '#src/kernel/index.js';

export interface OwnServiceParts {
  /** Where log lines go. */
  readonly destination: { write(line: string): void };
  /** Mounted beside the product's own. */
  readonly modules: readonly Type[];
}

/** The service as `main` starts it, listening, with something of the bench's own inside. Ends at SIGTERM. */
export async function startOwnService({ destination, modules }: OwnServiceParts): Promise<NestFastifyApplication> {
  const { config } = await completeConfig(
    loadConfig(process.env, (path) => readFileSync(path, 'utf8')),
    new NodePrivateFiles(),
  );
  const build = JSON.parse(readFileSync(new URL('../../dist/build.json', import.meta.url), 'utf8')) as Build;
  const log = createLog({ level: config.LOG_LEVEL, version: versionText(build), destination });
  const app = await createApp({ config, log, build, clock: new SystemClock(), modules });
  await app.listen(config.PORT, config.HOST);
  process.on('SIGTERM', () => process.exit(0));
  return app;
}
