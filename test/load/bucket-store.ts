import { createHook } from 'node:async_hooks';
import { UuidIds } from '#src/kernel/index.js';
import { allowanceOf, REQUEST_PARTS } from '#src/quota/allowance.policy.js';
import type { Plan } from '#src/quota/plan.policy.js';
import { openLocalHot } from '#src/storage/storage.module.js';
import { QuietLog } from '../support/quiet-log.ts';
import { BUCKETS, type Conduct, PRINCIPALS_PER_TENANT, TENANTS } from './harness/bucket-population.ts';
import { quantile } from './harness/numbers.ts';
import type { Sample } from './harness/row.ts';
import { WatchedClock } from './harness/watched-clock.ts';

/**
 * The in-process store alone, as the service opens it, with a clock in hand: filled by everybody at once, then swept
 * while they come back or stay away, as the argument says. Needs `--expose-gc`.
 */

/** The limits of a service that was told none. */
const RPM = 120;
const ofTenant = RPM * PRINCIPALS_PER_TENANT;
const standard = { principal: { rpm: RPM, burst: RPM }, tenant: { rpm: ofTenant, burst: ofTenant } };
const TOKENS = 1_000_000;
const plan: Plan = {
  standard,
  stream: standard,
  tokens: { principal: TOKENS, tenant: TOKENS * PRINCIPALS_PER_TENANT },
};

const SECOND_MS = 1_000;
/** Half of what a bucket holds comes back in so many seconds. */
const FULL_AFTER_S = 30;
const FIRST_REQUESTS = (RPM * FULL_AFTER_S) / 60;
/** Who comes back asks for as much as came back meanwhile, so that no bucket is ever full. */
const COMES_BACK_S = 10;
const LATER_REQUESTS = (RPM * COMES_BACK_S) / 60;
/** More than twice round all buckets. */
const SWEEPS = 120;
/** Fewer than it takes to forget all buckets. */
const FORGETTING_SWEEPS = 50;

interface Owner {
  readonly id: string;
  readonly tenantId: string;
}

/** A text of its own, as of somebody whose credential was just read: the store must not lean on the strings of this script. */
const fresh = (text: string): string => Buffer.from(text).toString('latin1');

const clock = new WatchedClock();
const hot = await openLocalHot(clock, new QuietLog());
const ids = new UuidIds(clock);
const owners = Array.from(
  { length: TENANTS * PRINCIPALS_PER_TENANT },
  // Texts put together of others take less once they are read, which would count as memory given back.
  (_, at): Owner => ({ id: fresh(ids.next('key')), tenantId: fresh(`tenant-${at % TENANTS}`) }),
);
const groups = Array.from({ length: COMES_BACK_S }, (_, group) =>
  owners.filter((_owner, at) => at % COMES_BACK_S === group),
);

/** @returns what the principal's bucket lacks after it, in requests */
function ask({ id, tenantId }: Owner, requests: number): number {
  const { draws } = allowanceOf({ id: fresh(id), tenantId: fresh(tenantId) }, plan, 'standard');
  const { granted, missing } = hot.spend(draws, requests * REQUEST_PARTS);
  if (!granted) throw new Error('Somebody within the limits was refused');
  return (missing[0] ?? 0) / REQUEST_PARTS;
}

/** Nothing else can run meanwhile: every timer made is one of the store. */
function timersOfFilling(): number {
  const before = clock.timersMade;
  let made = 0;
  const init = (_id: number, type: string): void => {
    if (type === 'Timeout') made += 1;
  };
  const hook = createHook({ init }).enable();
  for (const owner of owners) ask(owner, FIRST_REQUESTS);
  hook.disable();
  return made + clock.timersMade - before;
}

const behave: Readonly<Record<Conduct, () => Promise<void>>> = {
  'all come back': async () => {
    for (let second = 0; second < SWEEPS; second++) {
      for (const owner of groups[second % COMES_BACK_S] ?? []) ask(owner, LATER_REQUESTS);
      await clock.advance(SECOND_MS);
    }
  },
  // What counts begins when all buckets are full, so that each sweep has much to forget.
  'all stay away': async () => {
    await clock.advance(FULL_AFTER_S * SECOND_MS);
    mustLack(0);
    clock.pausesMs.length = 0;
    await clock.advance(FORGETTING_SWEEPS * SECOND_MS);
  },
};

function heldBytes(): number {
  if (globalThis.gc === undefined) throw new Error('Run with --expose-gc');
  // What the first frees outside of the heap is counted as free at the second.
  for (let turn = 0; turn < 2; turn++) globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function mustLack(requests: number): void {
  const wrong = owners.filter((owner) => ask(owner, 0) !== requests);
  if (wrong.length > 0) throw new Error(`${wrong.length} buckets do not lack ${requests} requests`);
}

async function found(conduct: Conduct): Promise<Sample> {
  const empty = heldBytes();
  const timers = timersOfFilling();
  // Before the bytes are counted: a stored name takes more once another was compared with it.
  mustLack(FIRST_REQUESTS);
  const bytes = heldBytes() - empty;
  await behave[conduct]();
  const { pausesMs } = clock;
  return {
    bytes_per_bucket: bytes / BUCKETS,
    timers,
    sweep_p50_ms: quantile(pausesMs, 0.5),
    sweep_p99_ms: quantile(pausesMs, 0.99),
    bytes_afterwards: (heldBytes() - empty) / BUCKETS,
  };
}

const sample = await found(process.argv[2] as Conduct);
process.send?.(sample, () => process.disconnect());
