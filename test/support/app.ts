import { rmSync } from 'node:fs';
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { createApp } from '#src/app.js';
import { completeConfig, NodePrivateFiles } from '#src/auth/index.js';
import { type Clock, createLog, loadConfig, SystemClock } from '#src/kernel/index.js';
import { makeDataDir } from './data-dir.ts';
import { generousLimits } from './generous-limits.ts';

/** Keys of the test application: one a role in tenant `acme`, and an owner of everything in tenant `globex`. */
export const keys = {
  user: 'acme-user-key-0123456789abcdefghijklmnop',
  user2: 'acme-user2-key-123456789abcdefghijklmnop',
  reviewer: 'acme-reviewer-key-56789abcdefghijklmnop',
  approver: 'acme-approver-key-56789abcdefghijklmnop',
  auditor: 'acme-auditor-key-456789abcdefghijklmnop',
  admin: 'acme-admin-key-23456789abcdefghijklmnopq',
  foreign: 'globex-key-0123456789abcdefghijklmnopqrs',
} as const;

/** The variable that makes a service know them. */
export const APP_KEYS = [
  ...(['user', 'reviewer', 'approver', 'auditor', 'admin'] as const).map((role) => `${keys[role]}@acme:${role}`),
  `${keys.user2}@acme:user`,
  `${keys.foreign}@globex:user+reviewer+approver+auditor+admin`,
].join(',');

export const bearer = (key: string): { readonly authorization: string } => ({ authorization: `Bearer ${key}` });

export interface TestApp {
  readonly app: NestFastifyApplication;
  /** Without a socket; the answer comes after the request's log event was written. */
  readonly inject: (request: InjectOptions) => Promise<LightMyRequestResponse>;
  /** Opens a socket; answers the base URL. */
  listen(): Promise<string>;
  /** Everything logged so far, one JSON object a line. */
  readonly logged: () => readonly Record<string, unknown>[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** The real application on embedded stores in a folder of its own; `env` adds or replaces variables. */
export async function startApp(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly clock?: Clock;
    readonly modules?: readonly Type[];
  } = {},
): Promise<TestApp> {
  const dataDir = makeDataDir(options.env ?? {});
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    DATA_DIR: dataDir,
    PORT: '0',
    ASSIST_API_KEYS: APP_KEYS,
    ...generousLimits,
    ...options.env,
  };
  const { config } = await completeConfig(
    loadConfig(env, () => undefined),
    new NodePrivateFiles(),
  );
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString('utf8').trim().split('\n'));
      done();
    },
  });
  const build = { version: '0.0.0', commit: 'test' };
  const log = createLog({ level: config.LOG_LEVEL, version: '0.0.0+test', destination });
  const app = await createApp({
    config,
    log,
    build,
    clock: options.clock ?? new SystemClock(),
    modules: options.modules ?? [],
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    inject: async (request) => {
      const answer = await app.inject(request);
      await turn();
      return answer;
    },
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    listen: async () => {
      await app.listen(0, '127.0.0.1');
      return app.getUrl();
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
