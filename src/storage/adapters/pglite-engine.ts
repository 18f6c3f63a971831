import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import type { Tx } from '../sql.port.js';
import type { MigrationSession } from './migrate.js';
import { type Autopsy, type EngineCrash, textOf, watchForCrash } from './pglite-crash.js';

/** One run of the embedded engine on its files, to its end or its crash. It has one connection: one transaction at a time. */
export class PgliteEngine {
  private readonly database;
  private readonly autopsy: Autopsy;

  private constructor(private readonly lite: PGlite) {
    this.autopsy = watchForCrash(lite);
    this.database = drizzle(lite);
  }

  /** @param data a directory, or `memory://` */
  static async start(data: string, options: PGliteOptions): Promise<PgliteEngine> {
    const lite = new PGlite(data, options);
    try {
      await lite.waitReady;
      return new PgliteEngine(lite);
    } catch (error) {
      await letGo(lite);
      throw new Error(`The embedded database in ${data} cannot be opened: ${textOf(error)}`);
    }
  }

  /** What it died of; `undefined` while it lives. */
  get crash(): EngineCrash | undefined {
    return this.autopsy.crash;
  }

  /** For start-up, before there are transactions. */
  get session(): MigrationSession {
    return {
      script: async (text) => {
        await this.lite.exec(text);
      },
      rows: async (text, parameters) => (await this.lite.query<Record<string, unknown>>(text, [...parameters])).rows,
    };
  }

  /** @param first a statement to begin with */
  transaction<T>(first: string | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      if (first !== undefined) await tx.execute(sql.raw(first));
      return work(tx);
    });
  }

  /** All of its files, compressed. */
  async dump(): Promise<Uint8Array> {
    return Buffer.from(await (await this.lite.dumpDataDir('gzip')).arrayBuffer());
  }

  close(): Promise<void> {
    return this.lite.close();
  }

  /** Leaves a crashed engine as a killed process would: its files are let go of, and what it had in mind is never written. */
  abandon(): Promise<void> {
    return letGo(this.lite);
  }
}

/** Files before memory: what the engine does on its way out must not reach them. */
async function letGo(lite: PGlite): Promise<void> {
  await lite.fs?.closeFs().catch(() => undefined);
  try {
    lite.Module._emscripten_force_exit(0);
  } catch {
    // It ends by throwing, and one that never started cannot even do that.
  }
}
