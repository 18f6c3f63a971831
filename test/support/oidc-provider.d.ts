declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  /** A certified OpenID provider; typed as far as the tests use it. */
  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): RequestListener;
  }
}
