import type { FastifyInstance } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';

/** Taken by preflights of any path, known or not. */
const ANY_PATH = '*';

/** Which methods a path answers: Fastify says 404 for both an unknown path and a wrong method. */
export class RouteTable {
  private readonly router = findMyWay({ ignoreTrailingSlash: true, maxParamLength: 1_024 });
  private readonly methods = new Set<HTTPMethod>();

  /** Must run before the first route is added. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      if (url === ANY_PATH) return;
      for (const name of [method].flat()) this.add(name as HTTPMethod, url);
    });
  }

  allowed(path: string): readonly string[] {
    return [...this.methods].filter((method) => this.router.find(method, path) !== null).sort();
  }

  private add(method: HTTPMethod, url: string): void {
    this.methods.add(method);
    if (!this.router.hasRoute(method, url)) this.router.on(method, url, () => undefined);
  }
}
