import { randomUUID } from 'node:crypto';
import { signedRequest, type WireRequest } from '../../support/signed-request.ts';
import { callers } from './callers.ts';
import type { Job } from './load.ts';
import { type Answer, ask, degradedOf, HANG_MS, inWords, type Kind, type Observed } from './observed.ts';
import type { World } from './world.ts';

/** How far the clock of a signer may run ahead of ours here, ms. */
const AHEAD_MS = 60_000;

interface Request {
  readonly kind: Kind;
  readonly server: number;
  readonly path: string;
  readonly init: RequestInit;
  /** The answer in words, where status and code are not enough. */
  readonly words?: (answer: Answer) => string;
}

/** Everything that is one request and one answer. Remembers which signed requests were accepted. */
export class JsonJobs {
  readonly accepted: WireRequest[] = [];
  /** Bodies of requests with a key, each of them to be worked at once. */
  readonly keyedBriefs: string[] = [];

  constructor(private readonly world: World) {}

  readonly limits: Job = (server) => this.get('limits', server, '/v1/limits', callers.user);

  readonly ready: Job = (server) => this.get('readyz', server, '/readyz', {});

  readonly status: Job = (server) => this.get('status', server, '/v1/status', callers.admin);

  /** Costs one of the caller's streams and opens none: the token is none. */
  capped(run: number): Job {
    const headers = { ...callers.capped(run), 'x-resume-token': 'none' };
    const init = { method: 'POST', headers };
    return async (server) => [
      (await this.send({ kind: 'capped', server, path: '/assist/draft-graph/resume', init })).seen,
    ];
  }

  readonly signed: Job = (server) => this.sign('signed', server, Date.now());

  readonly signedAhead: Job = (server) => this.sign('signed ahead', server, Date.now() + AHEAD_MS);

  readonly replay: Job = async (server, turn) => {
    const request = this.accepted[(turn * 7) % this.accepted.length];
    return request === undefined ? [] : [await this.replayed(request, server)];
  };

  async replayed(request: WireRequest, server: number): Promise<Observed> {
    const init = {
      method: request.method,
      headers: request.headers.map(([name, value]): [string, string] => [name, value]),
    };
    return (await this.send({ kind: 'replay', server, path: request.target, init })).seen;
  }

  /** A draft with a key, and the same again at the other server. */
  readonly keyed: Job = async (server) => {
    const brief = `Should reading room ${randomUUID()} open on Sundays, or lend by post as before?`;
    this.keyedBriefs.push(brief);
    const headers = { ...callers.user, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const init = { method: 'POST', headers, body: JSON.stringify({ brief }) };
    const first = await this.send({ kind: 'keyed', server, path: '/assist/draft-graph', init });
    const same = (again: Answer): string =>
      again.headers.get('idempotent-replayed') === 'true' && again.text === first.answer?.text
        ? `${inWords(again)} again`
        : `${inWords(again)} of its own`;
    const again = await this.send({
      kind: 'repeat',
      server: 1 - server,
      path: '/assist/draft-graph',
      init,
      words: same,
    });
    return [first.seen, again.seen];
  };

  private async get(kind: Kind, server: number, path: string, headers: Record<string, string>) {
    return [(await this.send({ kind, server, path, init: { headers } })).seen];
  }

  private async sign(kind: Kind, server: number, timestamp: number): Promise<readonly Observed[]> {
    const request = signedRequest({ method: 'GET', target: '/v1/limits', body: '', timestamp });
    const init = { headers: request.headers.map(([name, value]): [string, string] => [name, value]) };
    const { answer, seen } = await this.send({ kind, server, path: request.target, init });
    if (answer?.status === 200) this.accepted.push(request);
    return [seen];
  }

  private async send({ kind, server, path, init, words = inWords }: Request) {
    const from = performance.now();
    const answer = await ask((this.world.servers[server]?.url ?? '') + path, init).catch(failure);
    const took = { from, to: performance.now() };
    const said = answer instanceof Error ? `none: ${answer.message}` : words(answer);
    const given = answer instanceof Error ? undefined : answer;
    const seen: Observed = { kind, server, answer: said, degraded: degradedOf(given?.headers), took, judged: took };
    return { answer: given, seen };
  }
}

/** A connection that broke, or nothing at all within the time in which nobody waits any more. */
const failure = (cause: unknown): Error =>
  new Error(cause instanceof Error ? `${cause.name} ${cause.message} (within ${HANG_MS} ms)` : String(cause));
