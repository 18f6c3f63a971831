import { type Answer, isLasting, isRepeatable } from './answer.policy.js';
import type { AttemptName } from './attempt.policy.js';

export type Claimed =
  /** The caller runs the request, and ends with `keep` or `free`. */
  | { readonly state: 'mine' }
  | { readonly state: 'running' }
  | { readonly state: 'mismatch' }
  | { readonly state: 'stored'; readonly answer: Uint8Array; readonly holder: string };

/** A name somebody runs the request of. */
export interface Held {
  readonly name: AttemptName;
  /** Names the run, not the process. */
  readonly holder: string;
}

/**
 * Who runs which request, and what became of it. A holder that is silent for the lease counts as gone, and the name is free
 * again; one that comes back after that changes nothing any more.
 *
 * Every call raises `DEPENDENCY_UNAVAILABLE` when the store does not answer; it may still have taken effect.
 */
export abstract class Records {
  /** Largest body that is worth keeping here, bytes. */
  abstract readonly maxBodyBytes: number;

  /**
   * Whether an answer that is not kept still takes its name: who named a request wants it carried out once, who only tries
   * again wants an answer.
   */
  protected abstract readonly remembersUnkept: boolean;

  /** Whether a repeat is to find this answer, instead of being carried out. */
  remembers(answer: Answer): boolean {
    return isLasting(answer.status) && (this.remembersUnkept || isRepeatable(answer, this.maxBodyBytes));
  }

  /** Of many racing callers exactly one gets `mine`. */
  abstract claim(held: Held): Promise<Claimed>;

  /** Stores the answer of a holder that was not replaced. */
  abstract keep(held: Held, answer: Uint8Array): Promise<void>;

  /** Forgets a name, also with its answer, unless it is somebody else's by now. */
  abstract free(held: Held): Promise<void>;

  /** Says that these holders live. */
  abstract renew(held: readonly Held[]): Promise<void>;
}

/** Records of requests that carry a key: durable, the same on every instance, kept for a day. */
export abstract class KeyRecords extends Records {
  protected readonly remembersUnkept = true;

  /** Forgets what has outlived its time, and the oldest answers of a tenant that has too many. */
  abstract sweep(): Promise<void>;
}

/** Whether an answer reached its caller, as far as can be seen from here. */
export type Arrival = 'delivered' | 'in doubt';

/** Records of requests without a key, for the short while in which a client library sends one again. */
export abstract class RetryRecords extends Records {
  protected readonly remembersUnkept = false;

  /**
   * Makes a name this holder's, whatever stood there: a call that was made on purpose repeats none before it.
   *
   * @param answer `undefined` while it runs
   * @param arrival `delivered`: hardly anybody asks again, so it is not remembered for long
   */
  abstract replace(held: Held, answer: Uint8Array | undefined, arrival?: Arrival): Promise<void>;

  /** Says that the answer that is kept under a name was delivered. */
  abstract delivered(name: AttemptName): Promise<void>;

  /** Whether somebody tried to claim a name in the last moments while it was running. */
  abstract isAwaited(name: AttemptName): Promise<boolean>;
}
