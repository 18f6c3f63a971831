import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

type Jwk = Readonly<Record<string, unknown>>;

const CLIENT = { id: 'reporting-service', secret: 'a-client-secret-of-the-test-0123456789' };

/** A real OpenID provider on a port of its own, whose keys can be exchanged while it runs. */
export class IdentityProvider {
  private answer: RequestListener = (_request, response) => response.writeHead(503).end();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => this.answer(request, response));
  }

  /** @param keys private keys; the first that fits signs */
  static async open(keys: readonly Jwk[]): Promise<IdentityProvider> {
    const server = createServer();
    const provider = new IdentityProvider(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    provider.rotate(keys);
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on these keys sign and are published. */
  rotate(keys: readonly Jwk[]): void {
    const provider = new Provider(this.issuer, configuration(keys));
    this.answer = provider.callback();
  }

  /** An access token of the client-credentials grant (RFC 6749 §4.4) for one resource (RFC 8707). */
  async accessToken(resource: string, scope: string): Promise<string> {
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${CLIENT.id}:${CLIENT.secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }),
    });
    const answer = (await response.json()) as { readonly access_token?: string };
    if (answer.access_token === undefined) throw new Error(`No token: ${JSON.stringify(answer)}`);
    return answer.access_token;
  }

  async discovery(): Promise<Jwk> {
    return (await (await fetch(`${this.issuer}/.well-known/openid-configuration`)).json()) as Jwk;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Keeps nothing: a JWT of this grant is nowhere looked up again. */
class Forgetful {
  async upsert(): Promise<void> {}
  async find(): Promise<undefined> {}
}

/** The resource says in its address how its tokens are signed: `https://api.test/PS256`; `/opaque` gets no JWT. */
const configuration = (keys: readonly Jwk[]) => ({
  jwks: { keys },
  adapter: Forgetful,
  ttl: { ClientCredentials: 600 },
  clients: [
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  scopes: ['user', 'admin'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context: unknown, resource: string) => {
        const form = new URL(resource).pathname.slice(1);
        const audience = 'https://api.test';
        if (form === 'opaque') return { scope: 'user admin', audience, accessTokenFormat: 'opaque' };
        if (form === 'other') return { scope: 'user admin', audience: resource, accessTokenFormat: 'jwt' };
        return { scope: 'user admin', audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: form } } };
      },
    },
  },
  extraTokenClaims: () => ({ tenant_id: 'acme' }),
});
