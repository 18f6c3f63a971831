import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detectDelimiter } from './delimiter.policy.js';
import { decimalOf, parseNumber } from './number.policy.js';
import { readCsv } from './read-csv.js';
import { describe as statisticsOf } from './statistics.policy.js';
import { summarise } from './summary.policy.js';

const never = new AbortController().signal;

async function summaryOf(text: string) {
  const table = await readCsv(text, never);
  return table === undefined ? undefined : summarise(table);
}

describe('the delimiter of a table', () => {
  it.each([
    ['commas', 'a,b,c\n1,2,3\n', ','],
    ['semicolons with decimal commas', 'a;b\n1,5;2,5\n3,5;4,5\n', ';'],
    ['tabs', 'a\tb\n1,000\t2\n', '\t'],
    ['bars', 'a|b\n1|2\n', '|'],
    ['commas around quoted semicolons', 'a,b\n"x;y;z",2\n"p;q",3\n', ','],
    ['a quoted line break', 'a;b\n"one\ntwo";3\n', ';'],
    ['one column', 'a\n1\n2\n', ','],
  ])('is found in a file of %s', (_what, text, delimiter) => {
    expect(detectDelimiter(text)).toBe(delimiter);
  });
});

describe('a number in a cell', () => {
  it.each([
    ['12', 'point', 12],
    ['-1,234.5', 'point', -1234.5],
    ['.5', 'point', 0.5],
    ['1e3', 'point', 1000],
    ['1.234,5', 'comma', 1234.5],
    ['0,25', 'comma', 0.25],
    ['12,34', 'point', undefined],
    ['1.2.3', 'point', undefined],
    ['1e999', 'point', undefined],
    ['0x10', 'point', undefined],
    ['=1+1', 'point', undefined],
    ['-', 'point', undefined],
    ['', 'point', undefined],
  ] as const)('%s with a decimal %s is %s', (cell, decimal, value) => {
    expect(parseNumber(cell, decimal)).toBe(value);
  });

  it.each([
    ['points', ['1.5', '2.25'], ',', 'point'],
    ['decimal commas', ['1,5', '2,25'], ';', 'comma'],
    ['thousands told by another cell', ['1.234', '1.234,5'], ';', 'comma'],
    ['commas that could mean either', ['1,234', '2,345'], ';', undefined],
    ['the same commas in a comma-separated file', ['1,234', '2,345'], ',', 'point'],
    ['words', ['a', 'b'], ',', undefined],
    ['missing values only', ['', 'n/a'], ',', undefined],
    ['one stray word in ten', ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'none yet'], ',', 'point'],
    ['two stray words in ten', ['1', '2', '3', '4', '5', '6', '7', '8', 'x', 'y'], ',', undefined],
  ])('a column of %s is read as such', (_what, cells, delimiter, decimal) => {
    expect(decimalOf(cells, delimiter)).toBe(decimal);
  });
});

describe('statistics', () => {
  it('interpolates percentiles as spreadsheets do', () => {
    expect(statisticsOf([1, 2, 3, 4])).toEqual({
      count: 4,
      mean: 2.5,
      median: 2.5,
      p50: 2.5,
      p90: 3.7,
      p95: 3.85,
      p99: 3.97,
      min: 1,
      max: 4,
    });
  });

  it('has nothing to say about no numbers', () => {
    expect(statisticsOf([])).toBeUndefined();
  });

  it('keeps every figure between the smallest and the largest number', () => {
    const numbers = fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (values) => {
        const figures = statisticsOf(values);
        if (figures === undefined) return false;
        const { count, min, max, ...between } = figures;
        const slack = 1e-9 * Math.max(Math.abs(min), Math.abs(max));
        return (
          count === values.length &&
          Object.values(between).every((value) => value >= min - slack && value <= max + slack) &&
          figures.median === figures.p50
        );
      }),
    );
  });
});

describe('the summary of a table', () => {
  it('names columns and figures, and repeats no row', async () => {
    const summary = await summaryOf('region,revenue\nNorth,10\nSouth,30\nSouth,\n');
    expect(summary?.rows).toBe(3);
    expect(summary?.columns).toEqual([
      { name: 'region', type: 'text', count: 3, distinct: 2 },
      expect.objectContaining({ name: 'revenue', type: 'number', count: 2, mean: 20, min: 10, max: 30 }),
    ]);
    expect(summary?.text).toContain(
      'revenue: count 2, mean 20, median 20, p50 20, p90 28, p95 29, p99 29.8, min 10, max 30.',
    );
    expect(summary?.text).not.toMatch(/North|South/);
  });

  it('takes no first row for names that could be a record', async () => {
    const people = await summaryOf('Ada Lovelace,ada@example.org\nAlan Turing,alan@example.org\n');
    expect(people?.text).not.toMatch(/Ada|ada@|Alan/);
    expect(people?.columns.map(({ name }) => name)).toEqual(['column_1', 'column_2']);
    const measured = await summaryOf('Ada Lovelace,36\nAlan Turing,41\n');
    expect(measured?.text).not.toContain('Ada');
    expect(measured?.rows).toBe(2);
  });

  it('reads quotes, quoted line breaks and Windows line ends', async () => {
    const summary = await summaryOf('"note","n"\r\n"one\r\ntwo, ""three""",1\r\n"x",2\r\n');
    expect(summary?.rows).toBe(2);
    expect(summary?.columns.map(({ name }) => name)).toEqual(['note', 'n']);
  });

  it('takes the sting out of names that would be formulas', async () => {
    const summary = await summaryOf('=cmd|calc,+SUM(A1)\nx,1\ny,2\n');
    expect(summary?.columns.map(({ name }) => name)).toEqual(['cmd|calc', 'SUM(A1)']);
  });

  it('says when rows are ragged', async () => {
    const table = await readCsv('a,b\n1,2\n3\n4,5,6\n', never);
    expect(table).toMatchObject({ rows: 4, ragged: 2 });
  });

  it.each([
    ['a quote that never closes', 'a,b\n"open,2\n3,4\n'],
    ['words behind a closing quote', 'a,b\n"x"y,2\n'],
    ['nothing', '\n\n'],
    ['a record beyond all measure', `a\n"${'x'.repeat(300_000)}"\n`],
  ])('is refused for %s', async (_what, text) => {
    expect(await summaryOf(text)).toBeUndefined();
  });

  it('counts what lies behind the limits of rows and columns', async () => {
    const wide = await readCsv(`${'a,'.repeat(119)}a\n${'1,'.repeat(119)}1\n`, never);
    expect(wide).toMatchObject({ rows: 2, columnsLeftOut: 20 });
    const long = await readCsv(`n\n${'1\n'.repeat(100_005)}`, never);
    expect(long).toMatchObject({ rows: 100_000, rowsLeftOut: 6 });
  });

  it('stops when the caller goes away', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(readCsv('a\n1\n', gone)).rejects.toThrow();
  });

  it('shows no cell of a text column, whatever the table holds', async () => {
    const secret = fc.stringMatching(/^[a-z]{12}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(secret, secret, fc.integer()), { minLength: 1, maxLength: 20 }),
        async (rows) => {
          const summary = await summaryOf(rows.map((row) => row.join(',')).join('\n'));
          return rows.every(([one, two]) => !summary?.text.includes(one) && !summary?.text.includes(two));
        },
      ),
      { numRuns: 50 },
    );
  });
});
