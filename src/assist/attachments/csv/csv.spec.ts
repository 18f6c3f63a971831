import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detectDelimiter, layoutOf } from './delimiter.policy.js';
import { parseNumber, readNumbers } from './number.policy.js';
import { readCsv } from './read-csv.js';
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

  it.each([
    ['sep=;\na,b;c\n', ';', 6],
    ['\ufeffSEP=,\r\na;b\n', ',', 8],
    ['"sep=|"\na;b\n', '|', 8],
    ['sep=\t\na;b\n', '\t', 6],
    ['sep=;', ';', 5],
    ['sep=;;\na,b\nc,d\n', ',', 0],
    ['sep="\na,b\n', ',', 0],
    ['x\nsep=;\na,b\nc,d\n', ',', 0],
  ])('is the one that %j declares, in a line that is none of the table', (text, delimiter, start) => {
    expect(layoutOf(text)).toEqual({ delimiter, start });
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
    ['65%', 'point', 65],
    ['65,5 %', 'comma', 65.5],
    ['$1,200', 'point', 1200],
    ['-$1,200.50', 'point', -1200.5],
    ['$-5', 'point', -5],
    ['\u22125', 'point', -5],
    ['($1,200)', 'point', -1200],
    ['US$ 7', 'point', 7],
    ['1.200,50 €', 'comma', 1200.5],
    ['EUR 1.200,50', 'comma', 1200.5],
    ['1 200 kr', 'comma', 1200],
    ['1 234,5', 'comma', 1234.5],
    ['1\u00a0234\u00a0567', 'point', 1234567],
    ['1\u202f234,5', 'comma', 1234.5],
    ["1'234.50", 'point', 1234.5],
    ['12,34', 'point', undefined],
    ['0,123', 'point', undefined],
    ['0.123', 'comma', undefined],
    ['030 123 456', 'point', undefined],
    ['1 23', 'point', undefined],
    ['1 234.567', 'comma', undefined],
    ["1'234 567", 'point', undefined],
    ['+-5', 'point', undefined],
    ['(5', 'point', undefined],
    ['€5€', 'point', undefined],
    ['ABC 5', 'point', undefined],
    ['%', 'point', undefined],
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
    ['points', ['1.5', '2.25'], ',', [1.5, 2.25]],
    ['decimal commas', ['1,5', '2,25'], ';', [1.5, 2.25]],
    ['thousands told by another cell', ['1.234', '1.234,5'], ';', [1234, 1234.5]],
    ['thousands told by millions', ['1.234', '1.234.567'], ';', [1234, 1234567]],
    ['decimals told by another cell', ['1.234', '0.5'], ';', [1.234, 0.5]],
    ['commas in a comma-separated file', ['1,234', '2,345'], ',', [1234, 2345]],
    ['points in a comma-separated file', ['1.234', '2.345'], ',', [1.234, 2.345]],
    [
      'one stray word in ten',
      ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'none yet'],
      ',',
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    ],
  ])('a column of %s is read as such', (_what, cells, delimiter, values) => {
    expect(readNumbers(cells, delimiter)).toEqual({ ok: true, values, unit: '' });
  });

  it.each([
    ['percent', ['65%', '70 %'], '%'],
    ['money before', ['$1,200', '$800'], '$'],
    ['money behind', ['1.200,50 €', '3,00 €'], '€'],
    ['a currency by its code', ['CHF 5', "CHF 1'200"], 'CHF'],
  ])('a column of %s keeps its unit', (_what, cells, unit) => {
    expect(readNumbers(cells, ',')).toMatchObject({ ok: true, unit });
  });

  it.each([
    ['commas that could mean either', ['1,234', '2,345'], ';', 'ambiguous'],
    ['points that could mean either', ['1.234', '2.345'], ';', 'ambiguous'],
    ['points that could mean either, told by nothing', ['1.234', '12', ''], '\t', 'ambiguous'],
    ['money with three digits behind a point', ['1.234 €', '2.345 €'], ',', 'ambiguous'],
    ['two currencies', ['5 €', '$5'], ',', 'mixed_units'],
    ['percent and plain numbers', ['65%', '0.7'], ',', 'mixed_units'],
    ['words', ['a', 'b'], ',', 'words'],
    ['missing values only', ['', 'n/a'], ',', 'words'],
    ['two stray words in ten', ['1', '2', '3', '4', '5', '6', '7', '8', 'x', 'y'], ',', 'words'],
  ])('a column of %s gives no figures', (_what, cells, delimiter, reason) => {
    expect(readNumbers(cells, delimiter)).toEqual({ ok: false, reason });
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

  it.each([
    ['years', 'Region,2022,2023\nNorth,10,20\nSouth,30,40\n', ['Region', '2022', '2023'], 2],
    ['years backwards', 'Region,2023,2022\nNorth,10,20\n', ['Region', '2023', '2022'], 1],
    ['years at equal distances', 'Region,2010,2015,2020\nNorth,1,2,3\n', ['Region', '2010', '2015', '2020'], 1],
    ['a year beside a word above numbers', 'Item,Price,2022\nTea,3,10\n', ['Item', 'Price', '2022'], 1],
    ['a year beside an empty corner', ',2022\nNorth,10\n', ['column_1', '2022'], 1],
    ['days', 'Region,2024-01-01,2024-02-01\nNorth,10,20\n', ['Region', '2024-01-01', '2024-02-01'], 1],
    ['the same name twice', 'a,A,a_2,\n1,2,3,4\n', ['a', 'A_2', 'a_2_2', 'column_4'], 1],
    ['a name by place that is taken', 'column_2,\n1,2\n', ['column_2', 'column_2_2'], 1],
    ['a long name', `${'x'.repeat(70)},${'x'.repeat(80)}\n1,2\n`, ['x'.repeat(64), `${'x'.repeat(62)}_2`], 1],
    ['words above percent', 'Month,Occupancy\nJan,65%\n', ['Month', 'Occupancy'], 1],
    ['words above numbers that can be read in two ways', 'Ort;Miete\nJena;1.234\n', ['Ort', 'Miete'], 1],
    ['names below a declared separator', 'sep=;\nOrt;Miete\nJena;5\n', ['Ort', 'Miete'], 1],
  ])('takes the first row for names when it holds %s', async (_what, text, names, rows) => {
    const summary = await summaryOf(text);
    expect(summary?.columns.map(({ name }) => name)).toEqual(names);
    expect(summary?.rows).toBe(rows);
    expect(summary?.text).not.toContain('first row');
  });

  it.each([
    ['years above years', 'Ada,1985,1986\nAlan,1990,1991\n'],
    ['years that are no series', 'Ada,2000,1900\nAlan,2001,1987\n'],
    ['an amount', 'Ada,$2000\nAlan,$30\n'],
    ['a number that is no year', 'Ada,36,2022\nAlan,41,5\n'],
  ])('counts a first row with %s as data, and says so', async (_what, text) => {
    const summary = await summaryOf(text);
    expect(summary?.rows).toBe(2);
    expect(summary?.text).toContain('No column names were recognised: the first row was counted as data.');
    expect(summary?.text).not.toContain('Ada');
  });

  it('shows no word beside a lone year, and does not count the year', async () => {
    const summary = await summaryOf('Ada Lovelace,2022\nNorth,10\nSouth,30\n');
    expect(summary?.columns).toEqual([
      { name: 'column_1', type: 'text', count: 2, distinct: 2 },
      expect.objectContaining({ name: '2022', count: 2, mean: 20, max: 30 }),
    ]);
    expect(summary?.text).toContain('of it only years are shown');
    expect(summary?.text).not.toContain('Ada');
  });

  it('names the unit of a column, once, and says why one has no figures', async () => {
    const summary = await summaryOf(
      'month;share;rent (€);mixed;thousands\nJan;65%;1.200,50 €;5 €;1.234\nFeb;75 %;800,00 €;5 %;2.345\n',
    );
    expect(summary?.text).toMatch(/^share \(%\): count 2, mean 70, /m);
    expect(summary?.text).toMatch(/^rent \(€\): count 2, mean 1000\.25, /m);
    expect(summary?.text).toMatch(/^mixed: 2 texts, 2 different\. They are amounts in different units/m);
    expect(summary?.text).toMatch(/^thousands: 2 texts, 2 different\. They are numbers that can be read in two ways/m);
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
