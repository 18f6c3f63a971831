import { type Clock, isUnavailable } from '#src/kernel/index.js';
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
export class SharedNonce implements Nonce {
  private used = false;

  constructor(
    private readonly use: SingleUse,
    private readonly parts: NonceParts,
  ) {}

  get usedUp(): boolean {
    return this.used;
  }

  async spend(order: DrawOrder): Promise<Draw | undefined> {
    const { early, clock } = this.parts;
    const { key, madeAt } = this.use;
    const ahead = madeAt > clock.now();
    if (ahead && !(await early.use(key, madeAt))) throw repeated();
    const { outcome, since, draw } = await this.once(order);
    if (outcome === 'repeated') throw repeated();
    if (outcome === 'forgotten') throw refusedCredential('SIGNATURE_SKEW', 'nonces_forgotten');
    if (!ahead && (await early.knows(key, madeAt, since))) throw repeated();
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
