import { afterAll, describe, expect, it } from '@jest/globals';
import { bombPdf, slowPdf, textPdf } from '../../../../test/support/documents.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { PDF_TERMS, PdfReader } from './pdf-reader.service.js';

const readers: PdfReader[] = [];
const clock = new FakeClock();
const readerWith = (terms: Partial<typeof PDF_TERMS> = {}): PdfReader => {
  const reader = new PdfReader({ ...PDF_TERMS, workers: 1, ...terms }, clock);
  readers.push(reader);
  return reader;
};
const never = new AbortController().signal;
const good = textPdf(['Still here.']);
const text = { outcome: 'text', pages: ['Still here.'] };
afterAll(() => Promise.all(readers.map((reader) => reader.close())));

describe('reading PDF files', () => {
  it('keeps the caller’s bytes', async () => {
    const bytes = Uint8Array.from(good);
    expect(await readerWith().read(bytes, 5_000, never)).toMatchObject(text);
    expect(bytes).toEqual(Uint8Array.from(good));
  });

  it('ends a file that takes too long, and reads the next one', async () => {
    const reader = readerWith();
    const slow = reader.read(slowPdf(500_000), 5_000, never);
    await clock.advance(0);
    await clock.advance(5_000);
    expect(await slow).toEqual({ outcome: 'too_slow' });
    expect(await reader.read(good, 5_000, never)).toMatchObject(text);
  });

  it('ends a file when its caller goes away, and reads the next one', async () => {
    const reader = readerWith();
    const gone = new AbortController();
    const slow = reader.read(slowPdf(500_000), 5_000, gone.signal);
    gone.abort(new Error('hung up'));
    await expect(slow).rejects.toThrow('hung up');
    expect(await reader.read(good, 5_000, never)).toMatchObject(text);
  });

  it.each([
    ['in its heap', slowPdf(150_000), { heapMb: 24 }],
    ['beside its heap', bombPdf(64), {}],
  ])(
    'survives a file that wants more memory than there is %s, and reads the next one',
    async (_where, bytes, terms) => {
      const reader = readerWith(terms);
      expect(await reader.read(bytes, 60_000, never)).toEqual({ outcome: 'too_large' });
      expect(await reader.read(good, 5_000, never)).toMatchObject(text);
    },
  );

  it('reads no more pages than it may, and says how many there are', async () => {
    const reading = await readerWith({ maxPages: 2 }).read(textPdf(['1'], ['2'], ['3']), 5_000, never);
    expect(reading).toMatchObject({ outcome: 'text', pages: ['1', '2'], pagesRead: 2, pagesTotal: 3 });
  });

  it('lets files wait for a free worker', async () => {
    const reader = readerWith();
    const readings = await Promise.all(Array.from({ length: 4 }, () => reader.read(good, 5_000, never)));
    expect(readings.map(({ outcome }) => outcome)).toEqual(Array(4).fill('text'));
  });
});
