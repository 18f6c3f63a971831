import { setTimeout as delay } from 'node:timers/promises';
import { median } from './numbers.ts';
import type { Plan } from './plan.ts';
import { RunFailed, type Sample } from './row.ts';
import { stopServers } from './server.ts';

/** Measures one variant for about this long. */
export type Slice = (ms: number) => Promise<Sample>;

/** A slice may contain a whole start of the service. */
const PATIENCE_MS = 120_000;

/** Variants by name, of processes that run. */
export type Slices = Readonly<Record<string, Slice>>;

/** Samples by start, round and variant. */
export type Rounds = readonly (readonly Readonly<Record<string, Sample>>[])[];

/** Every variant in every round, in an order that is reversed every other round; all of it once per start. */
export async function interleave(plan: Plan, start: () => Promise<Slices>): Promise<Measurements> {
  const starts: Readonly<Record<string, Sample>>[][] = [];
  for (let turn = 0; turn < plan.starts; turn += 1) {
    starts.push(await roundsOf(plan, await start()));
    await stopServers();
  }
  return new Measurements(starts);
}

async function roundsOf(plan: Plan, slices: Slices): Promise<Readonly<Record<string, Sample>>[]> {
  const variants = Object.entries(slices);
  for (let turn = 0; turn < plan.warmUps; turn += 1)
    for (const variant of variants) await bounded(variant, plan.sliceMs);
  const rounds: Readonly<Record<string, Sample>>[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    const samples: Record<string, Sample> = {};
    const order = round % 2 === 0 ? variants : variants.toReversed();
    for (const variant of order) samples[variant[0]] = await bounded(variant, plan.sliceMs);
    rounds.push(samples);
  }
  return rounds;
}

/** What never answers fails, instead of keeping everybody waiting. */
async function bounded([name, slice]: readonly [string, Slice], ms: number): Promise<Sample> {
  const limit = new AbortController();
  const late = delay(ms + PATIENCE_MS, undefined, { signal: limit.signal }).then(() => {
    throw new RunFailed(`${name}: a slice of ${ms} ms was not over after ${PATIENCE_MS} ms more`);
  });
  try {
    return await Promise.race([slice(ms), late]);
  } finally {
    limit.abort();
    late.catch(() => undefined);
  }
}

/** Medians over the starts of the medians over the rounds. */
export class Measurements {
  private readonly starts: Rounds;

  constructor(starts: Rounds) {
    this.starts = starts;
  }

  medians(): Record<string, Sample> {
    const first = this.starts[0]?.[0] ?? {};
    return Object.fromEntries(Object.entries(first).map(([name, sample]) => [name, this.medianSample(name, sample)]));
  }

  value(variant: string, metric: string): number {
    return this.over((round) => round[variant]?.[metric]);
  }

  /** Each pair is from one round, so that what slows the machine slows both. */
  ratio(variant: string, reference: string, metric: string): number {
    return this.over((round) => (round[variant]?.[metric] ?? Number.NaN) / (round[reference]?.[metric] ?? Number.NaN));
  }

  /** Likewise, in the unit of the metric. */
  difference(variant: string, reference: string, metric: string): number {
    return this.over((round) => (round[variant]?.[metric] ?? Number.NaN) - (round[reference]?.[metric] ?? Number.NaN));
  }

  private medianSample(variant: string, sample: Sample): Sample {
    return Object.fromEntries(Object.keys(sample).map((metric) => [metric, this.value(variant, metric)]));
  }

  private over(pick: (round: Readonly<Record<string, Sample>>) => number | undefined): number {
    return median(this.starts.map((rounds) => median(rounds.map((round) => pick(round) ?? Number.NaN))));
  }
}
