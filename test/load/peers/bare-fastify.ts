import { fastify } from 'fastify';

/** Fastify with two JSON routes and nothing else. */
const server = fastify();
server.get('/healthz', async () => ({
  status: 'ok',
  version: '0.1.0+1a2b3c4',
  uptime_seconds: Math.round(performance.now()) / 1_000,
}));
server.post('/bench/echo', async ({ body }) => body);
await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(0));
