import type { KeyObject } from 'node:crypto';
import { AppError, type Clock, type Stop } from '#src/kernel/index.js';
import { type KeyHint, type KeySet, keyFor, readKeySet } from './key-set.policy.js';
import type { KeySource } from './key-source.port.js';
import { UnknownKeys } from './unknown-keys.js';

const REFRESH_MS = 300_000;
const RETRY_MS = 2_000;
/** How long keys are believed that nobody could confirm. */
const MAX_AGE_MS = 3_600_000;

export interface FoundKey {
  readonly key: KeyObject;
  /** Unix ms from which the key has to be confirmed again. */
  readonly until: number;
}

/** How an issuer's keys are doing. */
export interface KeysState {
  /** The last fetch succeeded. */
  readonly available: boolean;
  readonly keys: number;
  /** Unix ms of the fetch that the keys are from. */
  readonly fetchedAt: number | undefined;
}

export interface KeysObserver {
  /** Another set of keys is valid from now on. */
  changed(keys: number): void;
  /** Fetches fail from now on. */
  lost(error: unknown): void;
  recovered(): void;
}

interface KeysParts {
  readonly source: KeySource;
  readonly clock: Clock;
  readonly observer: KeysObserver;
}

/**
 * The keys of one issuer, fetched again every five minutes, and at once for a key id that is new. While the issuer does
 * not answer, the last keys go on to serve for an hour and fetches are tried every two seconds; callers wait for a fetch
 * only when nothing is known to have failed.
 */
export class IssuerKeys {
  private set: KeySet | undefined;
  private fetchedAt = Number.NEGATIVE_INFINITY;
  private failing = false;
  private running: Promise<void> | undefined;
  private stopTimer: Stop = () => undefined;
  private readonly closing = new AbortController();
  private readonly unknown = new UnknownKeys();

  constructor(
    private readonly uri: string,
    private readonly parts: KeysParts,
  ) {}

  /**
   * The key a token names; `undefined` when the issuer has no such key.
   *
   * @throws {AppError} `DEPENDENCY_UNAVAILABLE` when that cannot be found out now
   */
  async find(hint: KeyHint): Promise<FoundKey | undefined> {
    const known = this.lookUp(hint);
    if (known !== undefined) return known;
    if (this.failing) throw unavailable();
    // It may have begun before the key was published, so that it proves nothing about a key it does not bring.
    if (this.running !== undefined) await this.running;
    return this.lookUp(hint) ?? this.fetchFor(hint);
  }

  state(): KeysState {
    const { set, failing, fetchedAt } = this;
    const known = set === undefined ? undefined : fetchedAt;
    return { available: set !== undefined && !failing, keys: set?.keys.length ?? 0, fetchedAt: known };
  }

  /** Fetches now, or joins the fetch under way. Never rejects: the observer and {@link find} tell. */
  refresh(): Promise<void> {
    this.running ??= this.renew().finally(() => {
      this.running = undefined;
      this.schedule();
    });
    return this.running;
  }

  close(): void {
    this.closing.abort();
    this.stopTimer();
  }

  private lookUp(hint: KeyHint): FoundKey | undefined {
    const set = this.current();
    const key = set === undefined ? undefined : keyFor(set, hint);
    return key === undefined ? undefined : { key, until: this.fetchedAt + MAX_AGE_MS };
  }

  /** What may still be believed. */
  private current(): KeySet | undefined {
    return this.parts.clock.now() < this.fetchedAt + MAX_AGE_MS ? this.set : undefined;
  }

  private async fetchFor(hint: KeyHint): Promise<FoundKey | undefined> {
    if (this.failing) throw unavailable();
    if (!this.mayFetch(hint)) return undefined;
    await this.refresh();
    const found = this.lookUp(hint);
    if (found !== undefined) return found;
    if (this.failing) throw unavailable();
    this.unknown.missed(hint, this.fetchedAt);
    return undefined;
  }

  private mayFetch(hint: KeyHint): boolean {
    if (this.running !== undefined || this.current() === undefined) return true;
    return this.unknown.worthAFetch(hint, this.parts.clock.now());
  }

  private async renew(): Promise<void> {
    const startedAt = this.parts.clock.now();
    try {
      const set = readKeySet(await this.parts.source.read(this.uri, this.closing.signal));
      if (set === undefined) throw new Error('The answer is no JWK set');
      this.accept(set, startedAt);
    } catch (error) {
      if (this.closing.signal.aborted) return;
      if (!this.failing) this.parts.observer.lost(error);
      this.failing = true;
    }
  }

  private accept(set: KeySet, fetchedAt: number): void {
    const changed = set.fingerprint !== this.set?.fingerprint;
    this.set = set;
    this.fetchedAt = fetchedAt;
    if (this.failing) this.parts.observer.recovered();
    this.failing = false;
    if (!changed) return;
    this.unknown.clear();
    this.parts.observer.changed(set.keys.length);
  }

  private schedule(): void {
    this.stopTimer();
    if (this.closing.signal.aborted) return;
    this.stopTimer = this.parts.clock.after(this.failing ? RETRY_MS : REFRESH_MS, () => void this.refresh());
  }
}

const unavailable = (): AppError =>
  new AppError('DEPENDENCY_UNAVAILABLE', 'The keys of the token issuer are not available', { retryAfterMs: RETRY_MS });
