import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { ServerProcess } from './real-process.ts';
import { until } from './until.ts';

const run = promisify(execFile);
const SLOTS = 16_384;
const CLUSTER_MS = 15_000;

export interface RedisOptions {
  /** Further settings, as on the command line: `['--maxmemory', '10mb']`. */
  readonly settings: readonly string[];
}

/** A real Redis on a free port, with an empty temporary directory, saving nothing. */
export class RedisServer implements AsyncDisposable {
  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly options: RedisOptions,
    private process: ServerProcess,
  ) {}

  static async start(options: RedisOptions): Promise<RedisServer> {
    const port = await freePort();
    const directory = await mkdtemp(path.join(tmpdir(), 'redis-'));
    return new RedisServer(port, directory, options, await launch(port, directory, options));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Runs one command through `redis-cli`; the answer as text. */
  command(...command: readonly string[]): Promise<string> {
    return cli(this.port, command);
  }

  /** Stops answering without closing a connection. */
  freeze(): void {
    this.process.signal('SIGSTOP');
  }

  thaw(): void {
    this.process.signal('SIGCONT');
  }

  async kill(): Promise<void> {
    await this.process.stop('SIGKILL');
  }

  /** Starts again, empty, on the same port. */
  async restart(): Promise<void> {
    await this.kill();
    this.process = await launch(this.port, this.directory, this.options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Starts a Redis; fails when there is no `redis-server`. */
export const startRedis = (options: RedisOptions = { settings: [] }): Promise<RedisServer> =>
  RedisServer.start(options);

/** Three masters that share the slots. */
export async function startRedisCluster(): Promise<
  { readonly url: string; readonly nodes: readonly RedisServer[] } & AsyncDisposable
> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
  const nodes = await Promise.all([startRedis({ settings }), startRedis({ settings }), startRedis({ settings })]);
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
  };
  try {
    await join(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: nodes[0].url, nodes, [Symbol.asyncDispose]: stop };
}

async function join(nodes: readonly RedisServer[]): Promise<void> {
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [at, node] of nodes.entries()) {
    const last = Math.min(SLOTS, (at + 1) * share) - 1;
    await node.command('cluster', 'addslotsrange', String(at * share), String(last));
    for (const other of nodes)
      if (other !== node) await node.command('cluster', 'meet', '127.0.0.1', String(other.port), busOf(other.port));
  }
  await until('the nodes are a cluster', () => everyNodeKnowsAll(nodes), { patienceMs: CLUSTER_MS, pauseMs: 50 });
}

async function everyNodeKnowsAll(nodes: readonly RedisServer[]): Promise<boolean> {
  const states = await Promise.all(nodes.map((node) => node.command('cluster', 'info')));
  return states.every(
    (state) =>
      state.includes('cluster_state:ok') &&
      state.includes(`cluster_known_nodes:${nodes.length}`) &&
      state.includes(`cluster_size:${nodes.length}`),
  );
}

function launch(port: number, directory: string, { settings }: RedisOptions): Promise<ServerProcess> {
  const parameters = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const bus = settings.includes('--cluster-enabled') ? ['--cluster-port', busOf(port)] : [];
  return ServerProcess.start(['redis-server', ...parameters, ...bus, ...settings], {}, () =>
    cli(port, ['ping']).then(
      (answer) => answer === 'PONG',
      () => false,
    ),
  );
}

async function cli(port: number, command: readonly string[]): Promise<string> {
  const { stdout } = await run('redis-cli', ['-p', String(port), ...command]);
  return stdout.trim();
}

/** The nodes talk to each other on another port; the default distance can lead past the last one. */
const busOf = (port: number): string => String(port > 40_000 ? port - 20_000 : port + 10_000);
