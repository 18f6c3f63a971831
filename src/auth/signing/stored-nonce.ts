import { type Clock, isUnavailable, onceKnown } from '#src/kernel/index.js';
import type { Draw, DrawOrder, Hot, LocalHot, OnceReply, SingleUse } from '#src/storage/index.js';
import type { Nonce } from '../nonce.js';
import { refusedCredential } from '../refused-credential.js';
import type { EarlyNonces } from './early-nonces.js';

export interface NonceParts {
  readonly hot: Hot;
  readonly local: LocalHot;
  readonly early: EarlyNonces;
  readonly clock: Clock;
  /** `closed`: without the store nobody can know, so nobody may. `local`: this process alone remembers for so long. */
  readonly failMode: 'closed' | 'local';
}

/** The nonce of a verified signature, which all processes know once it is used up. */
export class StoredNonce implements Nonce {
  private used = false;

  constructor(
    private readonly use: SingleUse,
    private readonly parts: NonceParts,
  ) {}

  get usedUp(): boolean {
    return this.used;
  }

  spend(order: DrawOrder): Draw | undefined | Promise<Draw | undefined> {
    const { early, clock } = this.parts;
    const { key, madeAt } = this.use;
    if (madeAt > clock.now()) return this.spendAhead(order);
    return onceKnown(this.once(order), (reply) => {
      const used = reply.outcome === 'first' && early.knows(key, madeAt, reply.since);
      return onceKnown(used, (known) => this.end(reply, known));
    });
  }

  /** What the store remembers proves nothing of a time to come, so the database is told first. */
  private async spendAhead(order: DrawOrder): Promise<Draw | undefined> {
    const { key, madeAt } = this.use;
    if (!(await this.parts.early.use(key, madeAt))) throw repeated();
    return this.end(await this.once(order), false);
  }

  private end({ outcome, draw }: OnceReply, known: boolean): Draw | undefined {
    if (outcome === 'repeated' || known) throw repeated();
    if (outcome === 'forgotten') throw refusedCredential('SIGNATURE_SKEW', 'nonces_forgotten');
    this.used = true;
    return draw;
  }

  private once(order: DrawOrder): OnceReply | Promise<OnceReply> {
    const { hot, local, failMode } = this.parts;
    return failMode === 'closed' || hot === local ? hot.once(this.use, order) : this.everywhere(order);
  }

  /** What was used here while the shared store was away stays used when it is back. */
  private async everywhere(order: DrawOrder): Promise<OnceReply> {
    const { hot, local } = this.parts;
    const here = await unlessUnavailable(() => local.once(this.use));
    if (here?.outcome === 'repeated') return here;
    if (here === undefined) return hot.once(this.use, order);
    return (await unlessUnavailable(() => hot.once(this.use, order))) ?? here;
  }
}

const repeated = () => refusedCredential('REPLAY_BLOCKED', 'nonce_repeated');

async function unlessUnavailable<T>(ask: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}
