import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { ServerProcess } from './real-process.ts';

const run = promisify(execFile);
const INSTALLED = '/usr/lib/postgresql';

export interface PostgresOptions {
  /** Whether commits wait for the disk; tests need not. */
  readonly fsync: 'on' | 'off';
}

/** A real PostgreSQL on a free port, with a new database cluster in a temporary directory; the user is `postgres`. */
export class PostgresServer implements AsyncDisposable {
  private databases = 0;

  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly launch: () => Promise<ServerProcess>,
    private process: ServerProcess,
  ) {}

  static async start({ fsync }: PostgresOptions): Promise<PostgresServer> {
    const port = await freePort();
    const account = await serverAccount();
    const directory = await mkdtemp(path.join(tmpdir(), 'postgres-'));
    if (account.uid !== undefined) await chown(directory, account.uid, account.gid);
    const data = path.join(directory, 'data');
    await run(binary('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
      ...account,
      cwd: directory,
    });
    const settings = { fsync, port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: directory };
    const parameters = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const launch = (): Promise<ServerProcess> =>
      ServerProcess.start([binary('postgres'), '-D', data, ...parameters], { ...account, cwd: directory }, () =>
        answers(port),
      );
    return new PostgresServer(port, directory, launch, await launch());
  }

  get url(): string {
    return this.urlOf('postgres', 'postgres');
  }

  urlOf(user: string, database: string): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`;
  }

  /** Creates an empty database; its address. */
  async database(): Promise<string> {
    const name = `test_${++this.databases}`;
    await this.query(`CREATE DATABASE ${name}`);
    return this.urlOf('postgres', name);
  }

  /** Runs a statement as the superuser; in a database of its own where `url` says so. */
  async query(text: string, url = this.url): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Stops answering without closing a connection: each of its processes. */
  freeze(): void {
    this.process.signalAll('SIGSTOP');
  }

  thaw(): void {
    this.process.signalAll('SIGCONT');
  }

  /** Stops like a crash: connections are cut. */
  async stop(): Promise<void> {
    await this.process.stop('SIGQUIT');
  }

  /** Starts again with the same data, on the same port. */
  async restart(): Promise<void> {
    await this.stop();
    this.process = await this.launch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Starts a PostgreSQL; fails when it is not installed. */
export const startPostgres = (options: PostgresOptions = { fsync: 'off' }): Promise<PostgresServer> =>
  PostgresServer.start(options);

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: `postgres://postgres@127.0.0.1:${port}/postgres`,
    connectionTimeoutMillis: 1_000,
  });
  client.on('error', () => undefined);
  const connected = await client.connect().then(
    () => true,
    () => false,
  );
  await client.end().catch(() => undefined);
  return connected;
}

/** From PATH, or where Debian puts it; the newest. */
function binary(name: string): string {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).map((directory) => path.join(directory, name));
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a)) : [];
  const found = [...onPath, ...versions.map((version) => path.join(INSTALLED, version, 'bin', name))].find(existsSync);
  if (found === undefined) throw new Error(`These tests need PostgreSQL: no ${name} on PATH or in ${INSTALLED}`);
  return found;
}

/** The server refuses to run as root: then it runs as the user `postgres`. */
async function serverAccount(): Promise<{ uid: number; gid: number } | { uid?: never }> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')]);
  return { uid, gid };
}

const idOf = async (what: '-u' | '-g'): Promise<number> => Number((await run('id', [what, 'postgres'])).stdout);
