import type { DraftConstraints } from './draft-request.schema.js';
import { oneLine } from './graph/text.policy.js';

/** Constraints as plain sentences, in the order sent: `budget: 20000`, `must: safe; quiet`. */
export function constraintSentences(constraints: DraftConstraints | undefined): string[] {
  if (constraints === undefined) return [];
  if (Array.isArray(constraints)) return constraints.map(oneLine);
  return Object.entries(constraints).map(([name, value]) =>
    oneLine(`${name}: ${Array.isArray(value) ? value.join('; ') : String(value)}`),
  );
}
