import type { ProblemCode } from '#libs/problem/index.js';
import type { Call } from './requests.ts';
import { RunFailed } from './row.ts';
import type { Server } from './server.ts';

/** Shows that what is measured is checked at all. */
export async function mustRefuse(
  server: Server,
  { method, path, headers, body }: Call,
  code: ProblemCode,
): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method, headers, body });
  const text = await answer.text();
  if (answer.ok || !text.includes(`"${code}"`))
    throw new RunFailed(`Not refused with ${code}: ${answer.status} ${text}`);
}
