import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.js';
import { completeConfig, credentialRules, NodePrivateFiles } from './auth/index.js';
import {
  type Build,
  type Config,
  ConfigError,
  createLog,
  Drain,
  type Log,
  loadConfig,
  StandardOutput,
  SystemClock,
  versionText,
} from './kernel/index.js';
import { modelRules, redactionRules } from './models/index.js';
import { planRules } from './quota/index.js';
import { welcome } from './welcome.js';

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** What the kernel cannot know of the environment: told at once with all else that is wrong. */
const RULES = [...credentialRules, ...planRules, ...modelRules, ...redactionRules];

/** Written beside the compiled code when it was built. */
const readBuild = (): Build => JSON.parse(readFileSync(join(import.meta.dirname, '..', 'build.json'), 'utf8')) as Build;

async function run(env: NodeJS.ProcessEnv): Promise<void> {
  const { config, apiKey, file } = await completeConfig(loadConfig(env, readText, RULES), new NodePrivateFiles());
  const build = readBuild();
  const clock = new SystemClock();
  const destination = new StandardOutput(clock);
  process.on('exit', () => destination.flushSync());
  const log = createLog({ level: config.LOG_LEVEL, version: versionText(build), destination });
  const app = await createApp({ config, log, build, clock });
  await app.listen(config.PORT, config.HOST);
  const url = await app.getUrl();
  log.info({ url, node: process.version, ready_ms: Math.round(performance.now()) }, 'service.started');
  process.stdout.write(welcome({ url, config, apiKey, file }));
  readSourceMap();
  stopOnSignal(app, config, log);
}

/** The first stack trace of a process reads its source map, and nobody is served meanwhile: better now than in a stream. */
const readSourceMap = (): unknown => new Error('Read the source map').stack;

/** First signal: hand over and end. Second signal, or too slow: end now. */
function stopOnSignal(app: NestFastifyApplication, { SHUTDOWN_TIMEOUT }: Config, log: Log): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({}, 'service.stopping');
    setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT).unref();
    await app.get(Drain).start();
    await app.close();
    // The log events of this turn of the event loop are written in the next.
    setImmediate(() => process.exit(0));
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
}

function refuse(error: unknown): never {
  const lines =
    error instanceof ConfigError
      ? ['Invalid environment:', ...error.faults.map((fault) => `  - ${fault}`)]
      : [String(error)];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

/** Runs the service until it is told to stop; ends the process with 1, and a line that says why, when it cannot start. */
export const start = (env: NodeJS.ProcessEnv): Promise<void> => run(env).catch(refuse);
