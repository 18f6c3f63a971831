/** Numbers with fewer digits are exact as they are. */
const LONG_NUMBER = /\d{16}/;
/** Longer ones are no identifiers of anything, and turning them into text takes time. */
const MOST_DIGITS = 40;
const INTEGER = /^-?\d+$/;

/** Of this language since ES2026, and of its type library not yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** A JSON object or array; long integers in it are exact. `undefined` when the text is something else. */
export function parseJson(text: string): object | undefined {
  const parsed = parse(text);
  return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
}

/** The text of what {@link parseJson} read. */
export const writeJson = (value: unknown): string =>
  JSON.stringify(value, (_name, item: unknown) => (typeof item === 'bigint' ? rawJSON(String(item)) : item));

function parse(text: string): unknown {
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exact(_name: string, value: unknown, { source = '' }: { readonly source?: string } = {}): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return INTEGER.test(source) && source.length <= MOST_DIGITS ? BigInt(source) : value;
}
