import { quantities } from './quantities.policy.js';
import { stem } from './stem.policy.js';

/** A figure in a measure that others can be compared with: money of one currency, days, or things of one kind. */
export interface Amount {
  readonly measure: string;
  readonly value: number;
  readonly written: string;
  readonly start: number;
  readonly end: number;
}

const CURRENCIES: readonly (readonly [string, RegExp])[] = [
  ['eur', /€|\beur(?:os?)?\b/iu],
  ['usd', /\$|\b(?:usd|dollars?)\b/iu],
  ['gbp', /£|\b(?:gbp|pounds?)\b/iu],
  ['yen', /¥|\byen\b/iu],
  ['chf', /\b(?:chf|francs?)\b/iu],
  ['krona', /\bkron(?:or|er|a)\b/iu],
  ['rupee', /\brupees?\b/iu],
  ['peso', /\bpesos?\b/iu],
];
const DAYS: Readonly<Record<string, number>> = {
  minute: 1 / 1440,
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 30,
  quarter: 91,
  year: 365,
};
const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const DATE = new RegExp(
  `\\b(?:(\\d{1,2})(?:st|nd|rd|th)?\\s)?(?:(${MONTHS.join('|')})\\s|q([1-4])\\s|(?:end of\\s))?(20\\d\\d)(?:-(\\d\\d)-(\\d\\d))?\\b`,
  'giu',
);
const PERIOD = /^(minute|hour|day|week|month|quarter|year)s?$/u;
const LAST_DAY = 31;
const MONTHS_OF_A_QUARTER = 3;
const MONTHS_OF_A_YEAR = 12;

function measureOf(unit: string, written: string): string | undefined {
  if (unit === 'money') return CURRENCIES.find(([, pattern]) => pattern.test(written))?.[0];
  if (unit === '' || unit === '%' || unit === 'rate') return undefined;
  return PERIOD.test(unit) ? 'days' : stem(unit);
}

/** The last day a date can mean, as a number that grows with time: "2027" is its December, "Q2 2027" its June. */
function dayOf([, day, month, quarter, year, isoMonth, isoDay]: RegExpExecArray): number {
  const named = month === undefined ? undefined : MONTHS.indexOf(month.toLowerCase()) + 1;
  const inYear =
    named ?? Number(isoMonth ?? (quarter === undefined ? MONTHS_OF_A_YEAR : Number(quarter) * MONTHS_OF_A_QUARTER));
  return (Number(year) * MONTHS_OF_A_YEAR + inYear) * LAST_DAY + Number(day ?? isoDay ?? LAST_DAY);
}

/** The figures of a text that can be compared, and its dates with a year. */
export function amountsIn(text: string): readonly Amount[] {
  const dates = Array.from(text.matchAll(DATE), (match) => ({
    measure: 'date',
    value: dayOf(match),
    written: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  const figures = quantities(text, 0).flatMap(({ value, unit, written, start, end }) => {
    const measure = measureOf(unit, written);
    const days = measure === 'days' ? (DAYS[unit.replace(/s$/u, '')] ?? 1) : 1;
    const isDate = dates.some((date) => start < date.end && date.start < end);
    if (measure === undefined || Number.isNaN(value) || isDate) return [];
    return [{ measure, value: value * days, written: written.trim(), start, end }];
  });
  return [...dates, ...figures];
}
