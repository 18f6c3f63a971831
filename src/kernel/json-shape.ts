const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/** How large a JSON text is, beside its bytes. */
interface JsonShape {
  /** Deepest nesting of arrays and objects. */
  readonly depth: number;
  /** Members of all objects together, those with the same name counted each. */
  readonly members: number;
  /** At least as many as there are values, and at most twice as many: each is the first of its array or object, or behind a comma. */
  readonly values: number;
}

/** Measures before anything is parsed, so that a hostile text is refused before it costs memory. */
export function jsonShape(bytes: Buffer): JsonShape {
  let open = 0;
  let depth = 0;
  let members = 0;
  let values = 1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (OPEN.has(byte)) {
      open += 1;
      values += 1;
      if (open > depth) depth = open;
    } else if (CLOSE.has(byte)) open -= 1;
    else if (byte === COLON) members += 1;
    else if (byte === COMMA) values += 1;
  }
  return { depth, members, values };
}

/** Index of the quote that ends the string begun at `start`; the end of the text when there is none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(QUOTE, start + 1); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return bytes.length;
}
