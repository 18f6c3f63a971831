import pg from 'pg';
import { type Clock, type Config, codeOf, type Log } from '#src/kernel/index.js';
import type { GateParts } from '../dependency-gate.js';
import { ensureAppRole } from './app-role.js';
import { type MigrationSession, migrate, readMigrations } from './migrate.js';
import { PostgresSql } from './postgres-sql.js';

const START_WAIT_MS = 30_000;
const RETRY_EVERY_MS = 500;
const MIGRATION_WAIT_MS = 120_000;
/** Work that stops in the middle of a transaction would keep its locks for ever. */
const IDLE_IN_TRANSACTION_MS = 60_000;

type PostgresConfig = Pick<Config, 'DATABASE_POOL_SIZE' | 'DATABASE_TIMEOUT'>;

/**
 * Waits for the server, makes role and tables, and opens the pool.
 *
 * @throws Error after half a minute without a server, or at once when it refuses this user or database
 */
export async function startPostgres(url: string, config: PostgresConfig, parts: GateParts): Promise<PostgresSql> {
  const client = await firstClient(url, config.DATABASE_TIMEOUT, parts);
  try {
    const session = sessionOf(client);
    await ensureAppRole(session);
    await migrate(session, await readMigrations());
  } finally {
    await client.end();
  }
  return new PostgresSql(openPool(url, config, parts.log), parts);
}

function openPool(url: string, { DATABASE_POOL_SIZE, DATABASE_TIMEOUT }: PostgresConfig, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'countersign',
    max: DATABASE_POOL_SIZE,
    keepAlive: true,
    connectionTimeoutMillis: DATABASE_TIMEOUT,
    query_timeout: DATABASE_TIMEOUT,
    // The server gives up a little earlier, so that a slow statement costs no connection.
    statement_timeout: Math.ceil(DATABASE_TIMEOUT * 0.9),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  pool.on('error', (error) => log.debug({ err: error }, 'database.connection_lost'));
  return pool;
}

async function firstClient(url: string, timeoutMs: number, { clock, log }: { clock: Clock; log: Log }) {
  const deadline = clock.now() + START_WAIT_MS;
  for (;;) {
    const attempt = await connect(url, timeoutMs);
    if (attempt instanceof pg.Client) return attempt;
    if (isRefusal(attempt) || clock.now() >= deadline) throw unreachable(url, attempt);
    log.warn({ reason: reasonOf(attempt), server: serverOf(url) }, 'database.awaited');
    await clock.sleep(RETRY_EVERY_MS);
  }
}

/** A connected client, or the error. */
async function connect(url: string, timeoutMs: number): Promise<pg.Client | unknown> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'countersign migrations',
    connectionTimeoutMillis: timeoutMs,
    lock_timeout: MIGRATION_WAIT_MS,
  });
  // Without a listener a lost connection would end the process; the statement in hand reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    return error;
  }
}

const sessionOf = (client: pg.Client): MigrationSession => ({
  script: async (text) => {
    await client.query(text);
  },
  rows: async (text, parameters) => (await client.query(text, [...parameters])).rows,
});

const unreachable = (url: string, cause: unknown): Error =>
  new Error(`PostgreSQL at ${serverOf(url)} cannot be used: ${reasonOf(cause)}`, { cause });

/** Wrong password or unknown database: waiting does not help. */
const isRefusal = (error: unknown): boolean => /^(28...|3D000)$/.test(codeOf(error) ?? '');

const reasonOf = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : (codeOf(error) ?? 'no answer');

/** Host and database, without the credentials. */
function serverOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
