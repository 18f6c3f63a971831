import { createRedactor, type RedactionMode, type Redactor, redactionModes } from '#libs/redaction/index.js';
import { baits } from '../../../libs/redaction/testing/baits.ts';
import { interleave, type Measurements, type Slice, type Slices } from '../harness/interleave.ts';
import { type Row, RunFailed, type Verdict } from '../harness/row.ts';

const PROSE_LENGTH = 65_536;
const BAIT_LENGTH = 50_000;
const MICROSECONDS_PER_MS = 1_000;

const PARAGRAPH =
  'The harbour authority has to decide before winter whether a second crane is worth its price. Ships wait longer every ' +
  'year: in 2023 the average was 31 hours, twelve more than in 2019, and Captain Anders said that berth 4 was closed for ' +
  'a month (see the report). A used crane costs about 1.8 million; a new one twice as much, but it lifts 40 tonnes - ' +
  'enough for everything that called here so far. Questions go to crane@harbour.example or +49 40 123456.\n\n';

const prose = PARAGRAPH.repeat(Math.ceil(PROSE_LENGTH / PARAGRAPH.length)).slice(0, PROSE_LENGTH);
const found = PARAGRAPH.match(/crane@/g)?.length ?? 0;

/** Processor time of this process: nobody else works in it, and other processes do not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / MICROSECONDS_PER_MS;
}

function proseSlice(redactor: Redactor): Slice {
  return async (ms) => {
    const [deadline, before] = [performance.now() + ms, cpuMs()];
    let texts = 0;
    for (; performance.now() < deadline; texts += 1) {
      const { counts } = redactor.redact(prose);
      if ((counts.email ?? 0) < found) throw new RunFailed('An address was not found');
    }
    return { mb_per_s: (texts * PROSE_LENGTH) / (cpuMs() - before) / MICROSECONDS_PER_MS, worst_ms: 0 };
  };
}

/** Every bait often enough for its share of the slice; the slowest of their means counts. */
function baitSlice(redactor: Redactor): Slice {
  const texts = baits(BAIT_LENGTH).map(([, text]) => text);
  return async (ms) => {
    const means = texts.map((text) => {
      const [deadline, before] = [performance.now() + ms / texts.length, cpuMs()];
      let turns = 0;
      do {
        redactor.redact(text);
        turns += 1;
      } while (performance.now() < deadline);
      return (cpuMs() - before) / turns;
    });
    return { mb_per_s: (texts.length * BAIT_LENGTH) / sum(means) / MICROSECONDS_PER_MS, worst_ms: Math.max(...means) };
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

async function start(): Promise<Slices> {
  const slices = redactionModes.flatMap((mode) => {
    const redactor = createRedactor({ mode });
    return [
      [`prose, ${mode}`, proseSlice(redactor)],
      [`baits, ${mode}`, baitSlice(redactor)],
    ] as const;
  });
  return Object.fromEntries(slices);
}

const PROSE_BOUNDS: Readonly<Record<RedactionMode, { accept: number; aim: number }>> = {
  standard: { accept: 60, aim: 200 },
  strict: { accept: 30, aim: 100 },
};

function verdictsOf(runs: Measurements): readonly Verdict[] {
  return redactionModes.flatMap((mode): Verdict[] => [
    {
      label: `64 KB of prose, ${mode}`,
      value: runs.value(`prose, ${mode}`, 'mb_per_s'),
      unit: 'MB/s',
      accept: { least: PROSE_BOUNDS[mode].accept },
      aim: { least: PROSE_BOUNDS[mode].aim },
    },
    {
      label: `50 KB of the worst bait, ${mode}`,
      value: runs.value(`baits, ${mode}`, 'worst_ms'),
      unit: 'ms',
      accept: { most: 10 },
      aim: { most: 2 },
    },
  ]);
}

/** The library alone, in this process. */
export const redactionRow: Row = {
  id: 'Q9',
  title: 'Redaction of prose and of the worst input',
  measure: async (plan) => {
    const runs = await interleave(plan, start);
    return {
      medians: runs.medians(),
      verdicts: verdictsOf(runs),
      notes: ['Per second of processor time. The baits are those of the cost tests of libs/redaction.'],
    };
  },
};
