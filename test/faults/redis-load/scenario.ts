import { type Patience, until } from '../../support/until.ts';
import { JsonJobs } from './json-jobs.ts';
import { faultsOf, tally } from './judge.ts';
import { Load } from './load.ts';
import { ask, degradedOf, type Kind, type Observed } from './observed.ts';
import { Phases } from './phases.ts';
import { StreamJobs } from './stream-jobs.ts';
import { SERVERS, type World } from './world.ts';

/** What is done to Redis, and how it is made good again. */
export interface Fault {
  readonly strike: () => Promise<void> | void;
  readonly lift: () => Promise<void> | void;
  /** `away`: nothing answers until it is lifted. `brief`: over at once. `partial`: some commands fail until it is lifted. */
  readonly kind: 'away' | 'brief' | 'partial';
}

export interface Outcome {
  readonly observed: readonly Observed[];
  /** Answers that the failure table does not allow, in words. */
  readonly faults: readonly string[];
  readonly tally: Readonly<Record<string, number>>;
  /** Signed requests that were accepted once, and once more at the end. */
  readonly replayed: readonly Observed[];
  readonly jobs: JsonJobs;
  /** From the first request to the last, s. */
  readonly lastedS: number;
}

const PATIENT: Patience = { patienceMs: 60_000, pauseMs: 50 };
const QUICK_KINDS: readonly Kind[] = [
  ...(['limits', 'capped', 'signed', 'signed ahead', 'replay', 'keyed', 'repeat', 'readyz', 'status'] as const),
  ...(['stream', 'late resume'] as const),
];
const EVERY_KIND: readonly Kind[] = [...QUICK_KINDS, 'resume here', 'resume elsewhere'];
/** Seen of every kind at each server before the fault, while nothing answers, and after. */
const LEAST = 1;

/** Puts the world under load, does something to Redis in the middle of it, and judges every answer. */
export async function suffer(world: World, fault: Fault, run: number): Promise<Outcome> {
  const phases = new Phases();
  const from = performance.now();
  const [json, streams] = [new JsonJobs(world), new StreamJobs(world, run)];
  const load = new Load(world, [...jsonLoad(json, run), ...streamLoad(streams)]);
  await seen(load, EVERY_KIND, from);
  await strike(world, fault, load, phases);
  phases.mark('lifted');
  await fault.lift();
  await until('everybody uses Redis again', () => healthy(world, json), PATIENT);
  await seen(load, EVERY_KIND, phases.mark('recovered'));
  await load.end();
  const lastedS = (performance.now() - from) / 1_000;
  const replayed = await replayAll(world, json);
  const { observed } = load;
  return {
    observed,
    faults: faultsOf(observed, phases),
    tally: tally(observed, phases),
    replayed,
    jobs: json,
    lastedS,
  };
}

const jsonLoad = (json: JsonJobs, run: number) => [
  { job: json.limits, pauseMs: 100 },
  { job: json.capped(run), pauseMs: 20 },
  { job: json.signed, pauseMs: 80 },
  { job: json.signedAhead, pauseMs: 160 },
  { job: json.replay, pauseMs: 80 },
  { job: json.keyed, pauseMs: 160 },
  { job: json.ready, pauseMs: 160 },
  { job: json.status, pauseMs: 240 },
];

const streamLoad = (streams: StreamJobs) => [
  { job: streams.stream, pauseMs: 20 },
  { job: streams.stream, pauseMs: 400 },
  { job: streams.resumeHere, pauseMs: 400 },
  { job: streams.resumeElsewhere, pauseMs: 400 },
  { job: streams.resumeFinished, pauseMs: 500 },
];

const seen = (load: Load, kinds: readonly Kind[], from: number): Promise<void> =>
  until(
    `${LEAST} answers of every kind: ${kinds.join(', ')}`,
    () => kinds.every((kind) => load.count(kind, from) >= LEAST),
    PATIENT,
  );

async function strike(world: World, fault: Fault, load: Load, phases: Phases): Promise<void> {
  const struck = phases.mark('struck');
  await fault.strike();
  // Readers may wait for as long as they have patience with a store that takes nothing new.
  if (fault.kind === 'partial') await seen(load, QUICK_KINDS, struck);
  if (fault.kind !== 'away') return;
  await until('everybody noticed', async () => (await degraded(world)).every((word) => word === 'redis'), PATIENT);
  await seen(load, EVERY_KIND, phases.mark('noticed'));
}

/** One after the other at each server: what is asked here is what they know, not what they bear. */
async function replayAll(world: World, json: JsonJobs): Promise<readonly Observed[]> {
  const all = world.servers.map(async (_, server) => {
    const seen: Observed[] = [];
    for (const request of json.accepted) seen.push(await json.replayed(request, server));
    return seen;
  });
  return (await Promise.all(all)).flat();
}

const degraded = (world: World): Promise<readonly string[]> =>
  Promise.all(world.servers.map(async ({ url }) => degradedOf((await ask(`${url}/healthz`, {})).headers)));

async function healthy(world: World, json: JsonJobs): Promise<boolean> {
  if ((await degraded(world)).some((word) => word !== '')) return false;
  const servers = Array.from({ length: SERVERS }, (_, server) => server);
  const signed = await Promise.all(servers.map((server) => json.signed(server, 0)));
  return signed.flat().every(({ answer, degraded }) => answer === '200' && degraded === '');
}
