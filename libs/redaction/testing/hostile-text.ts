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

/** Hexadecimal digits, blanks and halves of surrogate pairs, one by one. */
const UNITS = [...'0123456789abcdefABCDEF \0\u00a0\u2011', '\ud83d', '\udf89'];

/**
 * Puts pieces of other texts together in every way that might confuse a detector.
 *
 * @param choices any numbers: each chooses a piece
 */
export function hostileText(texts: readonly string[], choices: readonly number[]): string {
  const words = texts.flatMap((text) => text.split(/(?<=[\s,;])/));
  const sources = [words, words, PARTS, PARTS, JOINTS, JOINTS, JOINTS, UNITS];
  return choices.map((choice) => chosen(chosen(sources, choice), Math.floor(choice / sources.length))).join('');
}

function chosen<Choice>(among: readonly Choice[], choice: number): Choice {
  return among[choice % among.length] as Choice;
}
