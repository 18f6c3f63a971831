import { fastify } from 'fastify';
import { Redis, type Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    countOnce(key: string, ttlMs: number): Result<number, Context>;
  }
}

/** Fastify that asks Redis once before it answers, in one script: what any limit shared by instances costs at least. */
const redis = new Redis(process.env['REDIS_URL'] ?? '', { enableAutoPipelining: true });
redis.defineCommand('countOnce', {
  numberOfKeys: 1,
  lua: "return redis.call('SET', KEYS[1], '', 'PX', ARGV[1], 'NX') and redis.call('INCR', 'bench:count') or 0",
});
const LIFE_MS = 60_000;

const server = fastify();
let asked = 0;
server.get('/healthz', async () => ({ status: 'ok' }));
server.post('/bench/echo', async ({ body }) => {
  asked += 1;
  await redis.countOnce(`bench:${process.pid}:${asked}`, LIFE_MS);
  return body;
});
await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(0));
