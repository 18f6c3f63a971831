import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { ensureAppRole } from './app-role.js';
import { type MigrationSession, migrate, readMigrations } from './migrate.js';

/** A migrated, empty database, made by the build: loading it takes a quarter of the time of making one. */
const TEMPLATE = '#src/storage/template.tar.gz';

/**
 * Opens `<directory>/data`, made on the first start, with every table it should have.
 *
 * A start that was killed while it made the database is begun again: until `first-start` is gone, nothing in it was
 * acknowledged.
 */
export async function openDatabase(directory: string): Promise<PGlite> {
  const data = path.join(directory, 'data');
  const unfinished = path.join(directory, 'first-start');
  if (await exists(unfinished)) await rm(data, { recursive: true, force: true });

  const first = !(await exists(data));
  if (first) await writeFile(unfinished, '');
  await mkdir(data, { recursive: true, mode: 0o700 });
  const lite = await create(data, first ? await template() : {});
  await migrateLite(lite);
  if (first) await rm(unfinished);
  return lite;
}

/** Writes what {@link openDatabase} starts from; for the build. */
export async function writeTemplate(file: string): Promise<void> {
  const lite = await create('memory://', {});
  await migrateLite(lite);
  const dump = await lite.dumpDataDir('gzip');
  await lite.close();
  await writeFile(file, Buffer.from(await dump.arrayBuffer()));
}

async function create(data: string, options: PGliteOptions): Promise<PGlite> {
  try {
    return await PGlite.create(data, options);
  } catch (error) {
    // No cause: printing one of these shows the engine's whole source.
    throw new Error(`The embedded database in ${data} cannot be opened: ${textOf(error)}`);
  }
}

async function migrateLite(lite: PGlite): Promise<void> {
  const session: MigrationSession = {
    script: async (text) => {
      await lite.exec(text);
    },
    rows: async (text, parameters) => (await lite.query<Record<string, unknown>>(text, [...parameters])).rows,
  };
  await ensureAppRole(session);
  await migrate(session, await readMigrations());
}

/** Without a build there is no template: then the engine makes a database itself. */
async function template(): Promise<PGliteOptions> {
  try {
    const file = createRequire(import.meta.url).resolve(TEMPLATE);
    return { loadDataDir: new Blob([await readFile(file)]) };
  } catch {
    return {};
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** The engine throws errors, and objects that only look like one. */
const textOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
