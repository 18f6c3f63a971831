import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Plan } from './plan.ts';
import type { Row, RowResult } from './row.ts';
import { ROOT } from './server.ts';

const BASELINE = join(import.meta.dirname, '..', 'baseline.json');
const RESULTS = join(ROOT, '.bench');

/** Figures accepted last, by the label of their verdict. */
export interface AcceptedRow {
  /** ISO date. */
  readonly accepted_on: string;
  readonly machine: string;
  readonly figures: Readonly<Record<string, number>>;
}

type Baseline = Readonly<Record<string, AcceptedRow>>;

const machine = (): string => `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;

const readBaseline = (): Baseline => (existsSync(BASELINE) ? JSON.parse(readFileSync(BASELINE, 'utf8')) : {});

export const acceptedOf = ({ id }: Row): AcceptedRow | undefined => readBaseline()[id];

/** Makes these figures the ones later runs are compared with. */
export function accept({ id }: Row, { verdicts }: RowResult): void {
  const figures = Object.fromEntries(verdicts.map(({ label, value }) => [label, Number(value.toPrecision(4))]));
  const accepted: AcceptedRow = { accepted_on: new Date().toISOString().slice(0, 10), machine: machine(), figures };
  writeFileSync(BASELINE, `${JSON.stringify({ ...readBaseline(), [id]: accepted }, null, 2)}\n`);
}

/** Keeps everything a run found out, for other programs. */
export function writeResult({ id, title }: Row, plan: Plan, result: RowResult): void {
  mkdirSync(RESULTS, { recursive: true });
  const text = JSON.stringify(
    { id, title, at: new Date().toISOString(), machine: machine(), plan, ...result },
    null,
    2,
  );
  writeFileSync(join(RESULTS, `${id}.json`), `${text}\n`);
}
