import type { Holding, HotKey, LedgerAccount, LedgerCall, PastCharge } from '../hot.port.js';
import {
  type Account,
  type AccountStanding,
  CALL_MEMORY_MS,
  type CallCharge,
  costSince,
  dayAt,
  decideHold,
  endOfDay,
  inWindow,
  leaseEnd,
  newAccount,
  type Tally,
} from '../ledger.policy.js';

interface Lease {
  readonly held: number;
  readonly until: number;
}

interface Kept {
  account: Account;
  readonly leases: Map<string, Lease>;
  /** No lease ends before. */
  due: number;
}

interface Charge extends CallCharge {
  readonly until: number;
}

/** Looked at when there is no room for one more account. */
const CROWDED_LOOK = 64;

/**
 * Accounts of this process. Leases that ran out are taken back when their account is next looked at, so there is no
 * timer. An account without leases may be forgotten when there are too many: it is new again, and is told what it spent.
 */
export class MemoryLedger {
  private readonly tenants = new Map<string, Map<string, Kept>>();
  /** What calls were charged, the one heard of last at the end. */
  private readonly charges = new Map<string, Charge>();
  private count = 0;

  constructor(private readonly most: number) {}

  hold(accounts: readonly LedgerAccount[], call: LedgerCall, now: number): Holding {
    const since = this.charge(accounts[0]?.key.tenant ?? '', call, now);
    const all = accounts.map(({ key, limit, counts }) => {
      const kept = this.open(key, now) ?? this.add(key, now);
      const mine = kept.leases.get(call.id)?.held ?? 0;
      const charged = since?.[counts ?? 'charged'] ?? 0;
      const wanted = wantedOf(call, counts);
      return { key, kept, account: kept.account, limit, mine, charged, wanted };
    });
    const { granted, held } = since === undefined ? { granted: false, held: [] } : decideHold(all);
    for (const [at, { kept, mine, charged }] of all.entries()) {
      const { settled, reserved } = kept.account;
      const own = held[at] ?? 0;
      kept.account = { ...kept.account, settled: Math.max(0, settled + charged), reserved: reserved + own - mine };
      lease(kept, call.id, { held: own, until: leaseEnd(now, call.leaseMs) });
    }
    for (const { key, kept } of all) this.forgetIfEmpty(key, kept);
    const standing = all.map(({ kept }) => kept);
    return { granted, ...tallyOf(standing, now) };
  }

  tally(keys: readonly HotKey[], now: number): Tally {
    return tallyOf(
      keys.map((key) => this.open(key, now) ?? { account: newAccount(now) }),
      now,
    );
  }

  seed(charges: readonly PastCharge[], endsAt: number, now: number): Tally {
    const all = charges.map(({ key, settled }) => {
      const kept = this.open(key, now) ?? this.add(key, now);
      const { account } = kept;
      if (account.since === 0 && endOfDay(account.day) === endsAt) {
        kept.account = { ...account, settled: Math.max(account.settled, settled), since: now };
      }
      return { key, kept, account: kept.account };
    });
    for (const { key, kept } of all) this.forgetIfEmpty(key, kept);
    return tallyOf(all, now);
  }

  /** Forgets calls that were not heard of for long, and accounts that remember nothing of this window. */
  sweep(most: number, now: number): void {
    let looked = 0;
    for (const [id, { until }] of this.charges) {
      if (until > now || looked++ >= most) break;
      this.charges.delete(id);
    }
    for (const [tenant, ids] of this.tenants) {
      for (const [id, kept] of ids) {
        if (looked++ >= most) return;
        if (kept.leases.size === 0 && kept.account.day < dayAt(now)) this.forget(tenant, id);
      }
    }
  }

  /** What the call cost since it was last heard of. */
  private charge(tenant: string, call: LedgerCall, now: number): ReturnType<typeof costSince> {
    const name = JSON.stringify([tenant, call.id]);
    const kept = this.charges.get(name);
    const known = kept !== undefined && kept.until > now ? kept : undefined;
    if (known === undefined) this.charges.delete(name);
    const since = costSince(known, call);
    if (since === undefined) return undefined;
    this.charges.delete(name);
    const charged = (known?.charged ?? 0) + since.charged;
    const cost = (known?.cost ?? 0) + since.cost;
    this.charges.set(name, { charged, cost, over: call.held === 0, until: now + call.leaseMs + CALL_MEMORY_MS });
    return since;
  }

  /** The account in the window of `now`, without the leases that ran out. */
  private open(key: HotKey, now: number): Kept | undefined {
    const kept = this.tenants.get(key.tenant)?.get(key.id);
    if (kept === undefined) return undefined;
    kept.account = inWindow(kept.account, now);
    if (kept.due > now) return kept;
    release(kept, now);
    return this.forgetIfEmpty(key, kept) ? undefined : kept;
  }

  private add({ tenant, id }: HotKey, now: number): Kept {
    if (this.count >= this.most) this.makeRoom();
    const kept = { account: newAccount(now), leases: new Map<string, Lease>(), due: Number.POSITIVE_INFINITY };
    const ids = this.tenants.get(tenant) ?? new Map<string, Kept>();
    this.tenants.set(tenant, ids.set(id, kept));
    this.count += 1;
    return kept;
  }

  private makeRoom(): void {
    let looked = 0;
    for (const [tenant, ids] of this.tenants) {
      for (const [id, { leases }] of ids) {
        if (leases.size > 0 && looked++ < CROWDED_LOOK) continue;
        if (leases.size === 0) this.forget(tenant, id);
        return;
      }
    }
  }

  private forgetIfEmpty({ tenant, id }: HotKey, { account: { settled, since }, leases }: Kept): boolean {
    const empty = settled === 0 && since === 0 && leases.size === 0;
    if (empty) this.forget(tenant, id);
    return empty;
  }

  private forget(tenant: string, id: string): void {
    const ids = this.tenants.get(tenant);
    if (ids?.delete(id) === true) this.count -= 1;
    if (ids?.size === 0) this.tenants.delete(tenant);
  }
}

function release(kept: Kept, now: number): void {
  let { reserved } = kept.account;
  kept.due = Number.POSITIVE_INFINITY;
  for (const [id, { held, until }] of kept.leases) {
    if (until > now) {
      kept.due = Math.min(kept.due, until);
      continue;
    }
    kept.leases.delete(id);
    reserved -= held;
  }
  kept.account = { ...kept.account, reserved };
}

function lease(kept: Kept, id: string, own: Lease): void {
  if (own.held === 0) {
    kept.leases.delete(id);
    return;
  }
  kept.leases.set(id, own);
  kept.due = Math.min(kept.due, own.until);
}

const standingOf = ({ settled, reserved, since }: Account): AccountStanding => ({ settled, reserved, since });

function tallyOf(all: readonly { readonly account: Account }[], now: number): Tally {
  const day = all.reduce((latest, { account }) => Math.max(latest, account.day), dayAt(now));
  return { at: now, endsAt: endOfDay(day), accounts: all.map(({ account }) => standingOf(account)) };
}

/** A call that is over holds nothing, whatever it says. */
const wantedOf = ({ held, cost }: LedgerCall, counts: LedgerAccount['counts']): number =>
  held > 0 && counts === 'cost' ? (cost?.held ?? 0) : held;
