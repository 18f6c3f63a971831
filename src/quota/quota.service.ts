import type { Nonce } from '#src/auth/index.js';
import { isUnavailable, type Log, onceKnown } from '#src/kernel/index.js';
import type { Draw, Hot, LocalHot, Tally } from '#src/storage/index.js';
import { type Allowance, allowanceOf, REQUEST_PARTS, type Standing, shareOf, standingOf } from './allowance.policy.js';
import type { Instances } from './instances.service.js';
import type { QuotaClass } from './plan.policy.js';
import type { Plans } from './plans.js';
import { type AccountHome, knowsPast, type PastUsage } from './tokens/past-usage.service.js';
import { costStandingOf, type SpendStanding, tokenStandingOf } from './tokens/token-standing.policy.js';

/** Whom the buckets belong to. */
export interface QuotaOwner {
  readonly id: string;
  readonly tenantId: string;
}

export interface Verdict extends SpendStanding {
  readonly granted: boolean;
  readonly allowance: Allowance;
  readonly standing: Standing;
  readonly backend: Hot['kind'];
  /** Decided by this process for its share, because the store of all processes is away. */
  readonly alone: boolean;
}

interface QuotaParts {
  readonly hot: Hot;
  readonly local: LocalHot;
  readonly plans: Plans;
  readonly instances: Instances;
  readonly past: PastUsage;
  readonly log: Log;
}

/** A question, and where it is answered. */
interface Asked {
  readonly owner: QuotaOwner;
  readonly allowance: Allowance;
  readonly home: AccountHome;
  readonly alone: boolean;
}

/** Who may do how much more. Answers without a promise when the store does. */
export class Quota {
  /** By the object that stands for a verified credential: it lives as long as that is remembered. */
  private readonly allowances = new WeakMap<QuotaOwner, Record<QuotaClass, Allowance>>();

  private readonly home: AccountHome;

  constructor(private readonly parts: QuotaParts) {
    this.home = { hot: parts.hot, processes: 1 };
  }

  /**
   * Takes one request from the principal's and the tenant's bucket of a class, or from neither.
   *
   * @param nonce used up in the same question to the store, before anything is taken and whether or not it is
   * @throws {AppError} as the nonce does
   */
  spend(owner: QuotaOwner, quotaClass: QuotaClass, nonce?: Nonce): Verdict | Promise<Verdict> {
    const asked = this.asked(owner, quotaClass);
    return nonce === undefined ? this.draw(asked, 1) : this.drawOnce(asked, nonce);
  }

  /** How a principal stands; takes nothing. */
  look(owner: QuotaOwner, quotaClass: QuotaClass): Verdict | Promise<Verdict> {
    return this.draw(this.asked(owner, quotaClass), 0);
  }

  private draw(asked: Asked, requests: 0 | 1): Verdict | Promise<Verdict> {
    const { draws, accountKeys } = asked.allowance;
    const { hot, log } = this.parts;
    const drawn = hot.spend(draws, requests * REQUEST_PARTS, accountKeys);
    if (!(drawn instanceof Promise)) return this.told(asked, drawn);
    return drawn.then(
      (draw) => this.drawn(asked, draw),
      (cause: unknown) => {
        if (!isUnavailable(cause)) log.error({ cause }, 'quota.store_failed');
        return this.drawAlone(asked, requests);
      },
    );
  }

  private drawOnce(asked: Asked, nonce: Nonce): Verdict | Promise<Verdict> {
    const { draws, accountKeys } = asked.allowance;
    const drawn = nonce.spend({ draws, cost: REQUEST_PARTS, accounts: accountKeys });
    return onceKnown(drawn, (draw) => (draw === undefined ? this.drawAlone(asked, 1) : this.drawn(asked, draw)));
  }

  private drawn(asked: Asked, draw: Draw): Verdict | Promise<Verdict> {
    const { hot, local } = this.parts;
    // Should the store be lost now, this process goes on with its share of what is left, not of the whole limit.
    if (hot !== local) local.note(asked.allowance.draws, draw.missing);
    return this.told(asked, draw);
  }

  /** Whatever is wrong with the shared store, a caller is neither refused for it nor let through without a limit. */
  private drawAlone({ owner, allowance }: Asked, requests: 0 | 1): Verdict | Promise<Verdict> {
    const { local, instances } = this.parts;
    const processes = instances.count;
    const share = shareOf(allowance, processes);
    const draw = local.spend(share.draws, requests * REQUEST_PARTS * processes, share.accountKeys);
    return this.told({ owner, allowance: share, home: { hot: local, processes }, alone: true }, draw);
  }

  /** Without a promise, unless an account must first be told what was spent from it. */
  private told(asked: Asked, draw: Draw): Verdict | Promise<Verdict> {
    const { tally } = draw;
    if (tally === undefined) throw new RangeError('The tally was asked for');
    if (knowsPast(tally)) return verdictOf(asked, draw, tally);
    const { home, owner, allowance } = asked;
    return this.parts.past.tell(home, owner, allowance.accounts, tally).then((known) => verdictOf(asked, draw, known));
  }

  private asked(owner: QuotaOwner, quotaClass: QuotaClass): Asked {
    return { owner, allowance: this.allowance(owner, quotaClass), home: this.home, alone: false };
  }

  private allowance(owner: QuotaOwner, quotaClass: QuotaClass): Allowance {
    const known = this.allowances.get(owner);
    if (known !== undefined) return known[quotaClass];
    const plan = this.parts.plans.of(owner.tenantId);
    const made = { standard: allowanceOf(owner, plan, 'standard'), stream: allowanceOf(owner, plan, 'stream') };
    this.allowances.set(owner, made);
    return made[quotaClass];
  }
}

function verdictOf({ allowance, home, alone }: Asked, draw: Draw, tally: Tally): Verdict {
  const { hot, processes } = home;
  return {
    granted: draw.granted,
    allowance,
    standing: standingOf(allowance, draw, REQUEST_PARTS * processes),
    tokens: tokenStandingOf(allowance.accounts, tally),
    cost: costStandingOf(allowance.accounts, tally),
    backend: hot.kind,
    alone,
  };
}
