import { fastify } from 'fastify';
import pg from 'pg';

/**
 * Fastify that records a request under its key before it carries it out, and the answer before it sends it, each by one
 * statement of its own: the plainest way to be asked twice and answer once.
 */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: Number(process.env['POOL_SIZE']) });
await pool.query('CREATE TABLE answers (key text PRIMARY KEY, answer bytea)');

const server = fastify();
server.get('/healthz', async () => ({ status: 'ok' }));
server.post('/bench/echo', async ({ body, headers }, reply) => {
  const key = headers['idempotency-key'];
  const { rowCount } = await pool.query('INSERT INTO answers (key) VALUES ($1) ON CONFLICT DO NOTHING', [key]);
  if (rowCount === 0) return reply.code(409).send();
  const answer = Buffer.from(JSON.stringify(body));
  await pool.query('UPDATE answers SET answer = $2 WHERE key = $1', [key, answer]);
  return reply.type('application/json').send(answer);
});
await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(0));
