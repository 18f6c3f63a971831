import fc from 'fast-check';
import { base64, textPdf } from './documents.ts';

/** Draft requests that are valid, nearly valid, and not at all. */

const NASTY = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udc00x',
  '\u202ereversed',
  '\u200b',
  '\ufeff',
  'ﷺ'.repeat(40),
  '👩‍👩‍👧‍👦'.repeat(30),
  'Z̸̡͝a̵l̷g̶o̷'.repeat(20),
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'brief',
  "'; drop table runs; --",
  '$(id) `id` %s %n',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '%00',
  '\r\nSet-Cookie: a=b',
  'x'.repeat(300),
  'x'.repeat(5_001),
] as const;

const NUMBERS = [0, -0, -1, 1, 0.1, 1e21, 1e308, -1e308, 2 ** 31, 2 ** 53, 5e-324] as const;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 60 }),
  fc.constantFrom(...NASTY),
);

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom(...NUMBERS, null, true, false, [], {}, [[]], [{}], [null]),
  fc.jsonValue({ maxDepth: 4 }),
  fc.nat({ max: 80 }).map((depth) => nested(depth)),
);

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

/** Sentences as people write them, in many scripts, with figures and quotation marks. */
const sentence = fc.constantFrom(
  'Should the ferry line buy two electric boats, or refit the old ones?',
  'Our goal is to cut fuel costs by 30 percent within two years.',
  'There is a risk that the quay cannot carry the chargers!',
  'Costs: 1,200,000 € – 3.5 % of revenue; see §4.2 (a) "annex".',
  'Σ 𝒜 𝟜𝟚 𐐷 𠜎 and more 🚢🚢🚢, because 💡≠💰.',
  'Sollen wir die Fähre kaufen? Ein Risiko ist der Preis.',
  'دعونا نقرر: هل نشتري السفينة؟',
  '我们应该买船吗？风险是成本。',
  'If a then b unless c, or d; otherwise e... f?! g.',
  '- one\n- two\n\n# three\n\t1. four',
  'a'.repeat(90),
  'But but but but, and, or: so? Then then.',
  'We could wait. We might sell. We must pay 5 to 10 people by 2027-02-30.',
);

const brief = fc.oneof(
  fc.array(sentence, { minLength: 1, maxLength: 12 }).map((sentences) => sentences.join(' ')),
  fc.string({ unit: 'grapheme', minLength: 30, maxLength: 400 }),
  fc.array(fc.oneof(sentence, text), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' ')),
);

const cell = fc.constantFrom(
  '',
  '1',
  '-2.5',
  '1,5',
  '1e308',
  '-1e308',
  'NaN',
  'Infinity',
  '"q"',
  '"a""b"',
  'x',
  '"',
  '٣',
  '0x10',
);
const row = fc.array(cell, { minLength: 1, maxLength: 5 }).map((cells) => cells.join(','));
const csv = fc.array(fc.oneof({ weight: 8, arbitrary: row }, text), { maxLength: 30 }).map((rows) => rows.join('\n'));

const asPayload = (content: string | Uint8Array) =>
  fc.constantFrom<unknown>(
    base64(content),
    { data: base64(content), encoding: 'base64' },
    { data: Buffer.from(content).toString('utf8'), encoding: 'utf8' },
  );

const bytes = fc.uint8Array({ maxLength: 300 });
export const documentContent = fc.oneof(csv, brief, bytes).chain(asPayload);

/** A good PDF with some of its bytes changed. */
export const brokenPdf = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 12 }).map((changes) => {
  const file = Buffer.from(textPdf(['A first page.'], ['A second page, with (parentheses).']));
  for (const [at, byte] of changes) file[at % file.length] = byte;
  return base64(file);
});

export interface DraftBody {
  readonly brief: string;
  readonly attachments: readonly { readonly id: string; readonly kind: string; readonly name: string }[];
  readonly attachment_payloads: Readonly<Record<string, unknown>>;
}

const attachmentId = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,10}$/),
  fc.constantFrom('constructor', 'toString', 'valueOf', 'hasOwnProperty', 'a', 'A', '0', '1', 'x'.repeat(64)),
);
const fileName = fc.oneof(
  fc.constantFrom('a.csv', 'b.txt', '../c.md', 'd'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
);

const files = (kinds: readonly string[], content: fc.Arbitrary<unknown>) =>
  fc
    .uniqueArray(fc.record({ id: attachmentId, kind: fc.constantFrom(...kinds), name: fileName, payload: content }), {
      selector: ({ id }) => id,
      maxLength: 3,
    })
    .map((list) => ({
      attachments: list.map(({ id, kind, name }) => ({ id, kind, name })),
      attachment_payloads: Object.fromEntries(list.map(({ id, payload }) => [id, payload])),
    }));

const words = fc.oneof(
  sentence,
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.constantFrom('\ud800', '\u0000', '\u202e'),
);
const name = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }),
  fc.constantFrom('constructor', 'toString', 'hasOwnProperty', '\u0000', '\ud800'),
);

const optional = fc.record(
  {
    constraints: fc.oneof(
      fc.array(words, { maxLength: 4 }),
      fc.dictionary(name, fc.oneof(words, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()), {
        maxKeys: 5,
      }),
    ),
    flags: fc.dictionary(name, fc.oneof(fc.boolean(), words), { maxKeys: 20 }),
    include_debug: fc.boolean(),
  },
  { requiredKeys: [] },
);

const request = (kinds: readonly string[], content: fc.Arbitrary<unknown>): fc.Arbitrary<DraftBody> =>
  fc.tuple(brief, files(kinds, content), optional).map(([text, sent, rest]) => ({ brief: text, ...sent, ...rest }));

/** Mostly accepted. */
export const draftRequest = request(['csv', 'txt', 'md'], documentContent);
export const draftWithPdf = request(['pdf'], brokenPdf);

type Change = readonly ['delete' | 'replace' | 'wrap' | 'add', readonly number[], unknown];

const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('delete', 'replace', 'wrap', 'add'),
  fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 4 }),
  hostileValue,
);

/** Follows the numbers down a value, as far as it goes, and changes what is there. */
function changed(value: unknown, [kind, [first = 0, ...rest], hostile]: Change): unknown {
  if (typeof value !== 'object' || value === null) return hostile;
  const entries = Object.entries(value);
  if (entries.length === 0) return hostile;
  const at = first % entries.length;
  const next = entries.flatMap(([name, member], index): [string, unknown][] => {
    if (index !== at) return [[name, member]];
    if (rest.length > 0) return [[name, changed(member, [kind, rest, hostile])]];
    if (kind === 'delete') return [];
    if (kind === 'wrap') return [[name, [member]]];
    return kind === 'add'
      ? [
          [name, member],
          [String(hostile).slice(0, 40), hostile],
        ]
      : [[name, hostile]];
  });
  return Array.isArray(value) ? next.map(([, member]) => member) : Object.fromEntries(next);
}

/** A valid request with one to three members deleted, replaced, wrapped or added. */
export const mutatedDraft = fc
  .tuple(draftRequest, fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([valid, changes]) => changes.reduce<unknown>(changed, valid));

type Edit = readonly [number, number, string];
const edit: fc.Arbitrary<Edit> = fc.tuple(
  fc.nat({ max: 2_000 }),
  fc.nat({ max: 4 }),
  fc.oneof(
    fc.constantFrom(
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\',
      '\\u',
      '\\ud800',
      '\u0000',
      '-',
      'e',
      '1e999',
      '//',
      '"__proto__":1,',
    ),
    fc.string({ maxLength: 3 }),
  ),
);

/** Replaces some characters of a text. */
export const edited = (original: string, edits: readonly Edit[]): string =>
  edits.reduce((whole, [at, count, words]) => {
    const start = at % (whole.length + 1);
    return whole.slice(0, start) + words + whole.slice(start + count);
  }, original);

export const edits = fc.array(edit, { minLength: 1, maxLength: 4 });

/** JSON text with characters changed. */
export const brokenJson = fc
  .tuple(draftRequest, edits)
  .map(([valid, changes]) => edited(JSON.stringify(valid), changes));
