import { sql } from 'drizzle-orm';
import { nameOf } from '#src/idempotency/attempt.policy.js';
import { Executions } from '#src/idempotency/executions.service.js';
import { Sql } from '#src/storage/index.js';
import { bearer, keys, type TestApp } from './app.ts';
import { limitsOf } from './token-quota.ts';
import { until } from './until.ts';

/** A brief nobody else drafts, so that no other test's request is the same. */
export const briefOf = (what: string): string =>
  JSON.stringify({ brief: `Should the town library of ${what} open on Sundays, or lend by post as before?` });

/** The headers of a JSON request of a user, and more. */
export const asking = (headers: Readonly<Record<string, string>>): Record<string, string> => ({
  ...bearer(keys.user),
  'content-type': 'application/json',
  ...headers,
});

/** What came back, as far as a replay must have it in common. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function send(
  url: string,
  body: string | undefined,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Received> {
  const init = { method: 'POST', headers: asking(headers), body: body ?? null, signal: signal ?? null };
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export const replayed = ({ headers }: Received): boolean => headers.get('idempotent-replayed') === 'true';

export const codeOf = ({ text }: Received): unknown => (JSON.parse(text) as { code?: unknown }).code;

/** Resolves once a retry waits for the answer to a request of the user that is under way, without a key. */
export async function joined(server: TestApp, target: string, body: string): Promise<void> {
  const { key_id: principalId } = await limitsOf(server);
  const route = { route: target, method: 'POST', target, form: 'whole', key: undefined } as const;
  const { id } = nameOf({ tenantId: 'acme', principalId, ...route, body: Buffer.from(body) });
  const executions = server.app.get(Executions);
  // Whether somebody waits now does not change by being asked.
  await until('the retry is waited for', () => executions.find(id)?.wasWaitedFor() === true);
}

/** Resolves once the server too is done with the exchange. */
export async function over(server: TestApp, { headers }: Received): Promise<void> {
  const id = headers.get('x-request-id');
  await until('the server is done with it', () => server.logged().some(({ request_id }) => request_id === id));
}

/** How many runs were ever begun, or are in this state. */
export const runsOf = ({ app }: TestApp, status?: string): Promise<number> =>
  count(app.get(Sql), status === undefined ? sql`runs` : sql`runs WHERE status = ${status}`);

/** How many keys are remembered. */
export const recordsOf = ({ app }: TestApp): Promise<number> => count(app.get(Sql), sql`idempotency_records`);

const count = (store: Sql, rows: ReturnType<typeof sql>): Promise<number> =>
  store.system(async (tx) => {
    const [row] = await tx.select({ n: sql<number>`count(*)::int` }).from(rows);
    return row?.n ?? 0;
  });
