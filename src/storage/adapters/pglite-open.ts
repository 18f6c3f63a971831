import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { PGliteOptions } from '@electric-sql/pglite';
import { ensureAppRole } from './app-role.js';
import { migrate, readMigrations } from './migrate.js';
import { PgliteEngine } from './pglite-engine.js';

/** A migrated, empty database, made by the build: loading it takes a quarter of the time of making one. */
const TEMPLATE = '#src/storage/template.tar.gz';

/**
 * Opens `<directory>/data`, made on the first start, with every table it should have.
 *
 * A start that was killed while it made the database is begun again: until `first-start` is gone, nothing in it was
 * acknowledged.
 */
export async function openDatabase(directory: string): Promise<PgliteEngine> {
  const data = path.join(directory, 'data');
  const unfinished = path.join(directory, 'first-start');
  if (await exists(unfinished)) await rm(data, { recursive: true, force: true });

  const first = !(await exists(data));
  if (first) await writeFile(unfinished, '');
  await mkdir(data, { recursive: true, mode: 0o700 });
  const engine = await PgliteEngine.start(data, first ? await template() : {});
  await migrateTables(engine);
  if (first) await rm(unfinished);
  return engine;
}

/**
 * Opens what {@link openDatabase} opened before.
 *
 * @throws Error also when the files are gone: the engine would begin an empty database in their place
 */
export async function reopenDatabase(directory: string): Promise<PgliteEngine> {
  const data = path.join(directory, 'data');
  if (!(await exists(path.join(data, 'PG_VERSION')))) throw new Error(`The embedded database in ${data} is gone`);
  return PgliteEngine.start(data, {});
}

/** Writes what {@link openDatabase} starts from; for the build. */
export async function writeTemplate(file: string): Promise<void> {
  const engine = await PgliteEngine.start('memory://', {});
  await migrateTables(engine);
  const dump = await engine.dump();
  await engine.close();
  await writeFile(file, dump);
}

async function migrateTables({ session }: PgliteEngine): Promise<void> {
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
