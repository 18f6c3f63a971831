import type { AcceptedRow } from './baseline.ts';
import type { Bound, Row, RowResult, Verdict } from './row.ts';

const met = (value: number, bound: Bound): boolean => ('most' in bound ? value <= bound.most : value >= bound.least);

const boundText = (bound: Bound): string => ('most' in bound ? `≤ ${bound.most}` : `≥ ${bound.least}`);

const gradeOf = ({ value, accept, aim }: Verdict): string => {
  if (met(value, aim)) return 'aim met';
  return met(value, accept) ? 'accepted' : 'MISSED';
};

const figure = (value: number): string => {
  if (!Number.isFinite(value)) return '-';
  return Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
};

function sinceAccepted({ label, value }: Verdict, accepted: AcceptedRow | undefined): string {
  const before = accepted?.figures[label];
  if (before === undefined) return '-';
  const change = Math.round((value / before - 1) * 100);
  return `${figure(before)} (${change > 0 ? '+' : ''}${change} %)`;
}

/** The figures of one row, for people. */
export function tableOf(row: Row, result: RowResult, accepted: AcceptedRow | undefined): string {
  const entries = Object.entries(result.medians);
  const metrics = Object.keys(entries[0]?.[1] ?? {});
  const variants = [
    ['variant', ...metrics],
    ...entries.map(([name, sample]) => [name, ...metrics.map((metric) => figure(sample[metric] ?? Number.NaN))]),
  ];
  const verdicts = [
    ['figure', 'value', 'accept', 'aim', 'grade', 'last accepted'],
    ...result.verdicts.map((verdict) => [
      verdict.label,
      `${figure(verdict.value)} ${verdict.unit}`,
      boundText(verdict.accept),
      boundText(verdict.aim),
      gradeOf(verdict),
      sinceAccepted(verdict, accepted),
    ]),
  ];
  const notes = result.notes.map((note) => `  ${note}`);
  return [`${row.id}  ${row.title}`, ...aligned(variants), '', ...aligned(verdicts), ...notes, ''].join('\n');
}

function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => {
    const [first = '', ...others] = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `  ${[first, ...others].join('  ')}`;
  });
}
