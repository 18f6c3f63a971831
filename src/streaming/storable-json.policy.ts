import { storableText } from '#src/storage/index.js';

/** U+0000 and halves of surrogate pairs, as JSON spells them; a text that speaks of them matches too. */
const SUSPECT = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/**
 * A JSON value as `jsonb` takes it: PostgreSQL stores neither U+0000 nor half a character (§8.14), which JSON may hold
 * and models do write. They become U+FFFD. Names of members are ours and stay.
 */
export function storableJson(value: unknown): unknown {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) return null;
  return SUSPECT.test(text)
    ? JSON.parse(text, (_name, part) => (typeof part === 'string' ? storableText(part) : part))
    : value;
}
