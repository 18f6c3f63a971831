import fc from 'fast-check';

/** What joins two pieces so that they look like one, or nearly. */
const JOINTS = [...' .-_/:,;@+=()[]"\'\n\\%$', '', '', '://', '..', '--', ' - ', ' (', ') '];
/** Beginnings and parts of what is looked for. */
const PARTS = [
  'Bearer ',
  'eyJ',
  'sk-',
  'cs_',
  'ghp_',
  'AKIA',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  'tel ',
  'phone: ',
  'ssn ',
  'born ',
  'passport ',
  'password=',
  'version ',
  'DE89 3704',
  '::ffff:',
  '1.2.3.4',
  '415-555-2671',
  '4111 1111 1111 1111',
  '123-45-6789',
  '0049 30',
  '00:1a:',
  'a'.repeat(70),
  '1'.repeat(40),
  'x@example.com',
  '52.5200,',
  '1 Main Street',
  '[redacted:email]',
  '🎉',
  'é',
];

/** Texts made of pieces of other texts, glued together in every way that might confuse a detector. */
export function hostileText(texts: readonly string[]): fc.Arbitrary<string> {
  const words = texts.flatMap((text) => text.split(/(?<=[\s,;])/));
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...words) },
    { weight: 3, arbitrary: fc.constantFrom(...PARTS) },
    { weight: 4, arbitrary: fc.constantFrom(...JOINTS) },
    { weight: 1, arbitrary: fc.stringMatching(/^[0-9a-fA-F]{1,6}$/) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
  );
  return fc.array(piece, { maxLength: 14 }).map((parts) => parts.join(''));
}
