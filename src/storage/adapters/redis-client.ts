import { Cluster, Redis, type RedisOptions, type Result } from 'ioredis';
import type { Config } from '#src/kernel/index.js';

declare module 'ioredis' {
  // The commands exist; their declarations lack the variants that answer with bytes.
  interface RedisCommander<Context> {
    evalshaBuffer(sha1: string, keyCount: number, ...args: (string | Buffer)[]): Result<unknown, Context>;
    evalBuffer(lua: string, keyCount: number, ...args: (string | Buffer)[]): Result<unknown, Context>;
  }
}

/** Several connections behind one interface, or one. */
export type RedisClient = Redis | Cluster;

export type RedisConfig = Pick<
  Config,
  'REDIS_CLUSTER' | 'REDIS_TLS' | 'REDIS_NAMESPACE' | 'REDIS_CONNECT_TIMEOUT' | 'REDIS_COMMAND_TIMEOUT'
>;

const RETRY_MIN_MS = 50;
const RETRY_MAX_MS = 1_000;
const CLUSTER_RETRY_MS = 100;
const CLUSTER_MAX_REDIRECTIONS = 4;
const CLUSTER_REFRESH_MS = 5_000;
/** Commands that change what a connection to a cluster is; they never travel in a shared pipeline. */
const NOT_PIPELINED = ['ssubscribe', 'sunsubscribe', 'ping'];

/**
 * A client that connects when told to. While it has no connection commands fail at once; it reconnects for ever.
 * A command that was cut off is not sent again by itself: whether it took effect is not known.
 */
export function createClient(url: string, config: RedisConfig): RedisClient {
  const { host, port, ...options } = optionsOf(url, config);
  if (!config.REDIS_CLUSTER) {
    return new Redis({ ...options, host, port, retryStrategy: backOff, enableOfflineQueue: false });
  }
  return new Cluster([{ host, port }], {
    enableAutoPipelining: true,
    autoPipeliningIgnoredCommands: NOT_PIPELINED,
    redisOptions: { ...options, ...endsInSilence(config) },
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: backOff,
    maxRedirections: CLUSTER_MAX_REDIRECTIONS,
    retryDelayOnFailover: CLUSTER_RETRY_MS,
    slotsRefreshTimeout: config.REDIS_COMMAND_TIMEOUT,
    slotsRefreshInterval: CLUSTER_REFRESH_MS,
    // Certificates name hosts, not addresses.
    ...(options.tls === undefined ? {} : { dnsLookup: (name, done) => done(null, name) }),
  });
}

/**
 * What is sent from now until the event loop turns goes out in one write. A cluster's client gathers by itself, by node; for one
 * connection its way of doing that costs more than the write.
 */
export function gatherWrites(client: RedisClient): void {
  if (client instanceof Cluster || client.status !== 'ready') return;
  const { stream } = client;
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}

/** A connection of its own to one shard: the one at `address`, or any. It is not made again when it ends. */
export function openShard(client: RedisClient, config: RedisConfig, address: string | undefined): Redis {
  const own = { ...endsInSilence(config), retryStrategy: () => null, enableOfflineQueue: true };
  if (client instanceof Redis) return client.duplicate(own);
  const nodes = client.nodes('master');
  const known = nodes.find(({ options: { host, port } }) => `${host}:${port}` === address);
  const node = known ?? nodes[Math.floor(Math.random() * nodes.length)];
  if (node === undefined) throw new Error('No node of the cluster is known');
  if (address === undefined || known !== undefined) return node.duplicate(own);
  const colon = address.lastIndexOf(':');
  return node.duplicate({ ...own, host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
}

function optionsOf(url: string, config: RedisConfig) {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const tls = config.REDIS_TLS || protocol === 'rediss:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(/^\/\d+$/.test(pathname) ? { db: Number(pathname.slice(1)) } : {}),
    ...(tls ? { tls: { servername: hostname } } : {}),
    connectionName: 'countersign',
    connectTimeout: config.REDIS_CONNECT_TIMEOUT,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
  } satisfies RedisOptions;
}

/**
 * For connections that nobody watches (`SilenceWatch`): closed when an answer is long overdue, which ends what nobody
 * waits for any more. `RedisCalls` is the one that does not wait longer than it may.
 */
const endsInSilence = (config: RedisConfig) => ({ socketTimeout: config.REDIS_COMMAND_TIMEOUT * 2 });

/** Longer and longer waits, never all instances at the same moment. */
const backOff = (attempt: number): number =>
  Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(attempt, 10)) * (0.8 + Math.random() * 0.2);
