export interface Statistics {
  readonly count: number;
  readonly mean: number;
  readonly median: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly min: number;
  readonly max: number;
}

/** Percentiles by linear interpolation between ranks (Hyndman and Fan's type 7, as spreadsheets do); mean by Welford's rule. */
export function describe(values: readonly number[]): Statistics | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const [least = 0, most = least] = [sorted[0], sorted.at(-1)];
  // Halves of the smallest numbers there are round up to more than both together.
  const figure = (value: number): number => tidy(Math.min(most, Math.max(least, value)));
  const at = (share: number): number => figure(quantile(sorted, share));
  return {
    count: values.length,
    mean: figure(values.reduce((mean, value, index) => mean + (value / (index + 1) - mean / (index + 1)), 0)),
    median: at(0.5),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    min: at(0),
    max: at(1),
  };
}

function quantile(sorted: Float64Array, share: number): number {
  const rank = (sorted.length - 1) * share;
  const low = sorted[Math.floor(rank)] ?? 0;
  const high = sorted[Math.ceil(rank)] ?? low;
  const part = rank - Math.floor(rank);
  return part === 0 ? low : low * (1 - part) + high * part;
}

/** Twelve significant digits: what binary arithmetic adds behind them is noise. */
const tidy = (value: number): number => Number(value.toPrecision(12));
