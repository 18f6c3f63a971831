import type { BucketTerms, Spending } from './bucket.policy.js';
import type { CallHold, Tally } from './ledger.policy.js';

/** What a hot key is for. */
export type HotArea =
  | 'log'
  | 'lock'
  | 'nonce'
  | 'epoch'
  | 'bucket'
  | 'ledger'
  | 'charge'
  | 'cache'
  | 'idempotency'
  | 'presence'
  | 'flood';

/** Where a hot value lives. Adapters write it as `<namespace>:{<tenant>}:<area>:<id>`, so a tenant is one cluster slot. */
export interface HotKey {
  readonly tenant: string;
  readonly area: HotArea;
  readonly id: string;
}

/** Events stored together: `data` is opaque to the store, `firstSeq..lastSeq` are the numbers inside it. */
export interface LogBatch {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly data: Uint8Array;
}

/** A log's own state, kept beside its batches. */
export interface LogHead {
  /** What the opener wrote; never changes. */
  readonly header: Uint8Array;
  /** What the last append wrote: whatever the next producer needs to go on. */
  readonly state: Uint8Array;
  /** Smallest number still stored; `lastSeq + 1` when nothing is. Larger than 1 once the log was trimmed. */
  readonly firstSeq: number;
  /** Number of the last stored event; 0 before the first. */
  readonly lastSeq: number;
  /** No event follows any more. */
  readonly final: boolean;
  /** A producer holds the log. A log that is neither final nor held is orphaned. */
  readonly held: boolean;
  /** Somebody asked the producer to stop. */
  readonly cancelRequested: boolean;
}

/** How long and how large a log may be. Whatever is over is trimmed, oldest batch first; the newest batch always stays. */
export interface LogTerms {
  /** Life of the log after its last append or renewal, ms. */
  readonly ttlMs: number;
  /** Life of the producer's hold after its last append or renewal, ms. */
  readonly leaseMs: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/**
 * `stored`: kept, or kept already by an earlier try of the same producer.
 * `fenced`: another producer took the log over. `finished`: the log is final.
 * `lost`: the log does not continue at `firstSeq - 1`, or is gone: the store lost events.
 */
export type AppendOutcome =
  | { readonly outcome: 'stored'; readonly cancelRequested: boolean }
  | { readonly outcome: 'fenced' | 'finished' | 'lost' };

/**
 * `first`: nobody used it before. `repeated`: somebody did.
 * `forgotten`: it was made before the store's memory begins, so nobody knows.
 */
export type OnceOutcome = 'first' | 'repeated' | 'forgotten';

/** Something that may be used up once. */
export interface SingleUse {
  readonly key: HotKey;
  /** Unix ms; later than now it counts like any other, so a use before the loss is not known by it. */
  readonly madeAt: number;
  /** How long it is remembered, ms. */
  readonly ttlMs: number;
}

export interface OnceReply {
  readonly outcome: OnceOutcome;
  /** The last instant of which the store remembers nothing, Unix ms. It changes only when the store lost what it knew. */
  readonly since: number;
  /** What the first use drew, if it was to draw. */
  readonly draw?: Draw | undefined;
}

/** A bucket and its terms. */
export interface BucketDraw {
  readonly key: HotKey;
  readonly terms: BucketTerms;
}

/** What is to be taken from buckets, as `spend` takes it. */
export interface DrawOrder {
  /** Of one tenant. */
  readonly draws: readonly BucketDraw[];
  readonly cost: number;
  /** Of the same tenant. */
  readonly accounts?: readonly HotKey[] | undefined;
}

/** What was drawn from buckets, and how the accounts stand that were asked for with it. */
export interface Draw extends Spending {
  readonly tally?: Tally;
}

/** An account and what may be spent from it in a window. */
export interface LedgerAccount {
  readonly key: HotKey;
  readonly limit: number;
  /** Model tokens when left out. */
  readonly counts?: 'cost';
}

/** A call and what it takes from its accounts. */
export interface LedgerCall extends CallHold {
  /** Unique in its tenant. */
  readonly id: string;
  /** How long the hold lasts unless it is said again, at most ten minutes. */
  readonly leaseMs: number;
}

export interface Holding extends Tally {
  readonly granted: boolean;
}

/** What an account spent in a window of which it knows nothing itself. */
export interface PastCharge {
  readonly key: HotKey;
  readonly settled: number;
}

export interface LogSlice {
  readonly head: LogHead;
  /** Batches that hold events after the asked number, in order, without holes between them. */
  readonly batches: readonly LogBatch[];
}

/** What a follower is told: the batch just stored if it fits a notice, `undefined` for "look again". */
export type LogListener = (batch: LogBatch | undefined) => void;

/**
 * Expiring data: fast and atomic, allowed to be forgotten after its time, never torn.
 *
 * Every call settles within the configured command timeout; a store that cannot answer raises
 * `DEPENDENCY_UNAVAILABLE` at once while its breaker is open, and is used again by itself once it is back.
 * A call that failed may still have taken effect.
 */
export abstract class Hot {
  abstract readonly kind: 'memory' | 'redis';

  /** Whether the store makes room by forgetting what has not expired, as far as is known. Then `once` answers nothing. */
  get evicts(): boolean {
    return false;
  }

  abstract get(key: HotKey): Promise<Uint8Array | undefined>;

  abstract set(key: HotKey, value: Uint8Array, ttlMs: number): Promise<void>;

  /** Of many racing callers exactly one gets `true`. */
  abstract setIfAbsent(key: HotKey, value: Uint8Array, ttlMs: number): Promise<boolean>;

  /**
   * Uses something up. Of many racing callers exactly one is the `first`, and once the store lost what it knew, in a
   * restart, a restore or a flush, nothing made before that moment is `first` again: a memory that began anew knows when.
   * A store that forgets single uses to make room cannot know, and raises `DEPENDENCY_UNAVAILABLE`.
   *
   * In the same step the first, and nobody else, draws what is ordered. It is used up whether or not the buckets grant that.
   * A store of this process alone answers without a promise.
   *
   * @param order buckets and accounts of the same tenant
   */
  abstract once(use: SingleUse, order?: DrawOrder): OnceReply | Promise<OnceReply>;

  abstract delete(key: HotKey): Promise<void>;

  /**
   * Takes `cost` parts from every bucket, or from none when one of them has less. Of many racing callers as many are
   * granted as there is room for. A bucket may be forgotten once it is full again.
   *
   * Time is the store's own: processes that share a store share its clock, so whose clock runs ahead gains nothing.
   * A store of this process alone answers without a promise.
   *
   * @param draws buckets of one tenant
   * @param cost 0 takes nothing and tells what is left
   * @param accounts of the same tenant, whose tally is wanted too
   */
  abstract spend(draws: readonly BucketDraw[], cost: number, accounts?: readonly HotKey[]): Draw | Promise<Draw>;

  /**
   * Says what a call has cost so far and what it may still cost. In every account, or in none, so much is held for it as
   * asked, if there is room; what it has cost is recorded in any case, once, however often it is said. Reserve with
   * `charged` 0, extend with more of both, settle with `held` 0, refund with both 0; after that nothing is held for the
   * call any more, whatever arrives late.
   *
   * A hold whose lease ran out is given back; what the call was charged is remembered for ten minutes more, so that a
   * holder that was frozen meanwhile charges only the difference. A charge counts in the window in which it is said.
   * Nothing is lost: in each account `settled` grows by what was charged, and `reserved` is the sum of the holds.
   *
   * @param accounts of one tenant; whole tokens, or money in whole units, as everywhere
   */
  abstract hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding>;

  /**
   * Tells accounts that are new (`since` 0) what they spent in the window that ends at `endsAt`; the others know better.
   * Of many racing callers one counts.
   */
  abstract seed(charges: readonly PastCharge[], endsAt: number): Promise<Tally>;

  /** Takes or extends a lock: `true` when it was free or already this holder's. */
  abstract acquire(key: HotKey, holder: string, ttlMs: number): Promise<boolean>;

  /** Gives a lock back; does nothing when somebody else holds it. */
  abstract release(key: HotKey, holder: string): Promise<void>;

  /**
   * Says that a member of a group is here for the next `ttlMs`.
   *
   * @returns how many members are here, this one included
   */
  abstract attend(group: HotKey, member: string, ttlMs: number): Promise<number>;

  /** Creates an empty log held by `holder`. `false` when it exists. */
  abstract openLog(log: HotKey, holder: string, header: Uint8Array, terms: LogTerms): Promise<boolean>;

  /**
   * Stores a batch behind the last one and extends the hold. Safe to repeat: a batch that is already there is `stored`.
   * A holder whose hold ran out goes on as long as nobody took the log over.
   *
   * @param state replaces the head's state
   * @param final no event follows; ends the hold
   */
  abstract append(
    log: HotKey,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    options: { readonly state: Uint8Array; readonly final: boolean },
  ): Promise<AppendOutcome>;

  /** Extends the hold of a producer that has nothing to append. */
  abstract renewLog(log: HotKey, holder: string, terms: LogTerms): Promise<AppendOutcome>;

  /** Makes an orphaned log this holder's. `false` when another holds it, it is final or gone. Exactly one of many racers gets it. */
  abstract takeOverLog(log: HotKey, holder: string, terms: LogTerms): Promise<boolean>;

  /** Asks the producer to stop and notifies followers. `false` when the log is final or gone. */
  abstract requestCancel(log: HotKey): Promise<boolean>;

  /** Forgets a log and all it holds; does nothing when it is gone. Its producer, if there is one, has lost it. */
  abstract dropLog(log: HotKey): Promise<void>;

  /** Head and up to about `maxBytes` of batches that hold events after `after`; at least one batch if there is one. */
  abstract readLog(log: HotKey, after: number, maxBytes: number): Promise<LogSlice | undefined>;

  /**
   * Calls the listener after each append, cancel request and reconnect, until stopped. Notices may be repeated or merged.
   * Resolves once nothing is missed any more: read the log after that.
   */
  abstract followLog(log: HotKey, listener: LogListener): Promise<() => void>;

  /** Round-trip time in milliseconds. */
  abstract ping(): Promise<number>;

  abstract close(): Promise<void>;
}

/** Hot state of this process alone, whatever {@link Hot} is: what fallbacks use while a shared store is away. */
export abstract class LocalHot extends Hot {
  abstract override once(use: SingleUse, order?: DrawOrder): OnceReply;

  abstract override spend(draws: readonly BucketDraw[], cost: number, accounts?: readonly HotKey[]): Draw;

  /** Has buckets go on from where they stand in another store, by what `spend` told there. */
  abstract note(draws: readonly BucketDraw[], missing: Spending['missing']): void;
}
