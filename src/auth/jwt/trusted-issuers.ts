import {
  type Clock,
  type Config,
  type Degradation,
  type Log,
  type TokenAlgorithm,
  type TokenIssuer,
  tokenIssuers,
} from '#src/kernel/index.js';
import type { ClaimRules } from './claims.policy.js';
import { IssuerKeys, type KeysObserver, type KeysState } from './issuer-keys.js';
import type { KeySource } from './key-source.port.js';

/** An issuer whose tokens are accepted, and what is asked of them. */
export interface TrustedIssuer {
  readonly algorithms: readonly TokenAlgorithm[];
  readonly rules: ClaimRules;
  readonly keys: IssuerKeys;
}

export interface IssuerState extends KeysState {
  readonly issuer: string;
}

interface IssuersParts {
  readonly source: KeySource;
  readonly clock: Clock;
  readonly degradation: Degradation;
  readonly log: Log;
}

/** Every issuer of the configuration, with keys of its own: no key verifies tokens in the name of another issuer. */
export class TrustedIssuers {
  private readonly issuers: ReadonlyMap<string, TrustedIssuer>;
  private readonly lost = new Set<string>();
  private readonly listeners = new Set<() => void>();

  constructor(
    config: Config,
    private readonly parts: IssuersParts,
  ) {
    this.issuers = new Map(tokenIssuers(config).map((issuer) => [issuer.issuer, this.trust(issuer, config)]));
  }

  /** Exactly this name. */
  find(issuer: string): TrustedIssuer | undefined {
    return this.issuers.get(issuer);
  }

  names(): readonly string[] {
    return [...this.issuers.keys()];
  }

  states(): readonly IssuerState[] {
    return [...this.issuers].map(([issuer, { keys }]) => ({ issuer, ...keys.state() }));
  }

  /** Calls back whenever keys came or went: what was verified before may not be valid any more. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Fetches every key set once; an issuer that does not answer keeps nobody waiting afterwards. */
  async start(): Promise<void> {
    await Promise.all([...this.issuers.values()].map(({ keys }) => keys.refresh()));
  }

  close(): void {
    for (const { keys } of this.issuers.values()) keys.close();
  }

  private trust({ issuer, audience, jwks_uri, algorithms, tenants }: TokenIssuer, config: Config): TrustedIssuer {
    const { source, clock } = this.parts;
    return {
      algorithms: algorithms ?? config.JWT_ALGORITHMS,
      rules: {
        audiences: audience,
        tenantClaims: config.JWT_TENANT_CLAIMS,
        tenants,
        issuedAfter: config.JWT_ISSUED_AFTER,
      },
      keys: new IssuerKeys(jwks_uri, { source, clock, observer: this.observer(issuer) }),
    };
  }

  private observer(issuer: string): KeysObserver {
    const { log } = this.parts;
    return {
      changed: (keys) => {
        log.info({ issuer, keys }, 'issuer_keys.changed');
        for (const listener of this.listeners) listener();
      },
      lost: (err) => {
        log.warn({ dependency: 'jwks', issuer, err }, 'dependency.lost');
        this.lost.add(issuer);
        this.markDegraded();
      },
      recovered: () => {
        log.info({ dependency: 'jwks', issuer }, 'dependency.recovered');
        this.lost.delete(issuer);
        this.markDegraded();
      },
    };
  }

  private markDegraded(): void {
    this.parts.degradation.mark('jwks', this.lost.size > 0);
  }
}
