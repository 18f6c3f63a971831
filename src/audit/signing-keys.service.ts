import { sign } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { asc } from 'drizzle-orm';
import { Clock, CONFIG, type Config, Log } from '#src/kernel/index.js';
import { Sql } from '#src/storage/index.js';
import type { KeySet, PublicJwk } from './public-jwk.schema.js';
import { createSigningKey, readSigningKey, type SigningPair } from './signing-key.policy.js';
import { signingKeys } from './signing-keys.table.js';

/** How long the list of published keys is believed, ms. */
const LIST_MS = 60_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** Signs what the service states, and publishes the keys to check it with. */
@Injectable()
export class SigningKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly pair: SigningPair;
  private readonly closing = new AbortController();
  private known: { readonly keys: readonly PublicJwk[]; readonly until: number } = { keys: [], until: 0 };

  constructor(
    @Inject(CONFIG) { SIGNING_KEY }: Config,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.pair = SIGNING_KEY === undefined ? createSigningKey() : readSigningKey(SIGNING_KEY.reveal());
    if (SIGNING_KEY === undefined) log.warn({ kid: this.keyId }, 'signing_key.generated');
  }

  /** The key id that goes beside every signature. */
  get keyId(): string {
    return this.pair.jwk.kid;
  }

  /** The public half of this instance's key. */
  get publicJwk(): PublicJwk {
    return this.pair.jwk;
  }

  /** Ed25519 over exactly these bytes, base64url. */
  sign(bytes: Uint8Array): string {
    return sign(undefined, bytes, this.pair.privateKey).toString('base64url');
  }

  /** This instance's key and all published ones. Without a database: this one and those known from before. */
  async jwks(): Promise<KeySet> {
    if (this.clock.now() >= this.known.until) await this.refresh();
    const { jwk } = this.pair;
    return { keys: [jwk, ...this.known.keys.filter(({ kid }) => kid !== jwk.kid)] };
  }

  /** Publishing goes on in the background: a database that is away must not keep the service from starting. */
  onApplicationBootstrap(): void {
    void this.publish();
  }

  onModuleDestroy(): void {
    this.closing.abort();
  }

  private async publish(): Promise<void> {
    let wait = FIRST_RETRY_MS;
    while (!this.closing.signal.aborted && !(await this.published())) {
      await this.clock.sleep(wait, this.closing.signal);
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    }
  }

  private async published(): Promise<boolean> {
    const row = { kid: this.keyId, publicJwk: this.pair.jwk, createdAt: new Date(this.clock.now()) };
    try {
      await this.sql.system(async (tx) => {
        await tx.insert(signingKeys).values(row).onConflictDoNothing();
      });
      return true;
    } catch (cause) {
      if (!this.closing.signal.aborted) this.log.warn({ kid: this.keyId, cause }, 'signing_key.unpublished');
      return false;
    }
  }

  private async refresh(): Promise<void> {
    const until = this.clock.now() + LIST_MS;
    try {
      const rows = await this.sql.system((tx) => tx.select().from(signingKeys).orderBy(asc(signingKeys.createdAt)));
      this.known = { keys: rows.map(({ publicJwk }) => publicJwk), until };
    } catch {
      this.known = { keys: this.known.keys, until };
    }
  }
}
