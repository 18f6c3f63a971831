import { isUtf8 } from 'node:buffer';
import { jsonShape } from '#src/kernel/index.js';

export interface ObjectLimits {
  readonly depth: number;
  readonly members: number;
}

/**
 * A JSON object that every reader understands alike. `undefined` for text that is not UTF-8, is no object, is larger
 * than the limits, or names a member twice: RFC 7515 §4 and RFC 7519 §4 let a parser take the last one instead, and two
 * parsers that choose differently can be played against each other.
 */
export function strictObject(bytes: Buffer, limits: ObjectLimits): Readonly<Record<string, unknown>> | undefined {
  if (!isUtf8(bytes)) return undefined;
  const { depth, members } = jsonShape(bytes);
  if (depth > limits.depth || members > limits.members) return undefined;
  const value = parse(bytes.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return membersOf(value) === members ? (value as Record<string, unknown>) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of two members with one name a parsed object keeps one, so it has fewer than its text. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  return inner.reduce<number>((sum, item) => sum + membersOf(item), Array.isArray(value) ? 0 : inner.length);
}
