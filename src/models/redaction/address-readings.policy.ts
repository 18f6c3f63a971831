/** Written in code more often than this, an address is not looked into any further. */
const MOST_CODES = 4;

const ESCAPES = /(?:%[\da-f]{2})+/gi;
/** As short as the shortest e-mail address in base64, and in hex. */
const BASE64 = /[\w+/-]{8,}/g;
const HEX = /(?:[\da-f]{2}){6,}/gi;
const BASE64_UNITS = 4;
const HEX_UNITS = 2;

/**
 * Everything that an address says to whom it is sent: as it is written, with its escapes resolved, and what its base64
 * and hex stand for, in each other as well. What is no text is read all the same: nothing is found in it.
 *
 * @returns `undefined` when that has no end
 */
export function readingsOf(address: string): readonly string[] | undefined {
  const readings = new Set<string>();
  let written = [address];
  for (let codes = 0; codes <= MOST_CODES; codes += 1) {
    for (const text of written) readings.add(text);
    written = [...new Set(written)].flatMap(decoded).filter((text) => !readings.has(text));
    if (written.length === 0) return [...readings];
  }
  return undefined;
}

const decoded = (text: string): readonly string[] => [
  ...unescaped(text),
  ...bytesIn(text, { code: BASE64, encoding: 'base64', units: BASE64_UNITS }),
  ...bytesIn(text, { code: HEX, encoding: 'hex', units: HEX_UNITS }),
];

/** In a query a `+` is a blank, anywhere else it is itself. */
const unescaped = (text: string): readonly string[] =>
  [text, text.replaceAll('+', ' ')].map((each) =>
    each.replace(ESCAPES, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString()),
  );

/** Where a code begins cannot be seen behind other letters: it is read from each of its units. */
const bytesIn = (
  text: string,
  { code, encoding, units }: { code: RegExp; encoding: 'base64' | 'hex'; units: number },
): readonly string[] =>
  (text.match(code) ?? []).flatMap((run) =>
    Array.from({ length: units }, (_, from) => Buffer.from(run.slice(from), encoding).toString()),
  );
