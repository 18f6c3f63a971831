import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '#src/kernel/index.js';
import { type IssuerKey, rs256, rsaKey, unsigned } from './forged-token.ts';

export const AUDIENCE = 'https://countersign.test';
const LIFE_S = 300;

type Values = Readonly<Record<string, unknown>>;

/** A token issuer that publishes its keys over real HTTP, answers as it is told, and signs what it is asked to. */
export class TestIssuer {
  /** What is published. */
  keys: readonly Values[];
  /** How requests for the keys are answered. */
  respond: (response: ServerResponse) => void = (response) => this.publish(response);
  /** Requests so far, for the keys and for anything else. */
  readonly requests: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly clock: Clock,
    readonly key: IssuerKey,
  ) {
    this.keys = [key.jwk];
    server.on('request', (request, response) => {
      this.requests.push(request.url ?? '');
      this.respond(response);
    });
  }

  static async open(clock: Clock, key: IssuerKey = rsaKey({ kid: 'first', use: 'sig' })): Promise<TestIssuer> {
    const server = createServer();
    const issuer = new TestIssuer(server, clock, key);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get jwksUri(): string {
    return `${this.url}/jwks`;
  }

  /** The variables that make the service trust it. */
  get env(): Readonly<Record<string, string>> {
    return { JWT_ISSUER: this.url, JWT_AUDIENCE: AUDIENCE, JWT_JWKS_URI: this.jwksUri };
  }

  /** The same as an entry of `JWT_ISSUERS`. */
  get entry(): Values {
    return { issuer: this.url, audience: AUDIENCE, jwks_uri: this.jwksUri };
  }

  /** Claims of a token that is accepted. */
  claims(changes: Values = {}): Values {
    const now = Math.floor(this.clock.now() / 1_000);
    const claims = { iss: this.url, aud: AUDIENCE, sub: 'alice', tenantId: 'acme', roles: ['admin'] };
    return { ...claims, iat: now, exp: now + LIFE_S, ...changes };
  }

  header(changes: Values = {}): Values {
    return { alg: 'RS256', kid: this.key.jwk['kid'], typ: 'JWT', ...changes };
  }

  /** Signed by this issuer; claims and header members that are `undefined` are left out. */
  token(claims: Values = {}, header: Values = {}): string {
    return rs256(unsigned(this.header(header), this.claims(claims)), this.key.privateKey);
  }

  publish(response: ServerResponse): void {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.keys }));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Listens again where it listened before. */
  async reopen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }
}
