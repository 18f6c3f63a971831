import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The little of a connection that migrations need; one session, because the lock belongs to it. */
export interface MigrationSession {
  /** Runs one or more statements without parameters. */
  script(text: string): Promise<void>;
  rows(text: string, parameters: readonly string[]): Promise<readonly Record<string, unknown>[]>;
}

export interface Migration {
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

/** Any constant: whoever migrates this service's tables takes it. */
const LOCK = 815_201_447;
const FOLDER = path.join(import.meta.dirname, '../migrations');

/** The migrations that came with this build, in order of their numbers. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(FOLDER, name), 'utf8');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/**
 * Applies what is missing, each file in its own transaction, forward only. Of several processes that start together one
 * migrates and the others wait. Tables may be newer than this build: a new version rolls out beside the old one.
 *
 * @throws Error when an applied file was changed since
 */
export async function migrate(session: MigrationSession, migrations: readonly Migration[]): Promise<void> {
  await session.script(`SELECT pg_advisory_lock(${LOCK})`);
  try {
    await session.script(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const applied = new Map<unknown, unknown>();
    for (const { name, sha256 } of await session.rows('SELECT name, sha256 FROM schema_migrations', [])) {
      applied.set(name, sha256);
    }
    for (const migration of migrations) await apply(session, migration, applied.get(migration.name));
  } finally {
    await session.script(`SELECT pg_advisory_unlock(${LOCK})`);
  }
}

async function apply(session: MigrationSession, migration: Migration, applied: unknown): Promise<void> {
  if (applied === migration.sha256) return;
  if (applied !== undefined) throw new Error(`Migration ${migration.name} was changed after it was applied`);
  await session.script('BEGIN');
  try {
    await session.script(migration.text);
    await session.rows('INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2) RETURNING name', [
      migration.name,
      migration.sha256,
    ]);
    await session.script('COMMIT');
  } catch (error) {
    await session.script('ROLLBACK');
    throw new Error(`Migration ${migration.name} failed`, { cause: error });
  }
}
