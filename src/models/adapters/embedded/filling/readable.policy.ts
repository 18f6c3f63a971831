import { wordsOfName } from './topic.policy.js';

const MOST_LINES = 1_000;
const MOST_DEPTH = 8;

/** JSON that a tool returned, as the lines of a form; any other text as it is. */
export function readable(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return linesOf('', JSON.parse(text), 0).slice(0, MOST_LINES).join('\n');
  } catch {
    return text;
  }
}

/** What stands in a list becomes a bullet with all it says on one line. */
function linesOf(key: string, value: unknown, depth: number): readonly string[] {
  if (depth > MOST_DEPTH || value === null) return [];
  if (Array.isArray(value)) return [...(key === '' ? [] : [`${key}:`]), ...value.slice(0, MOST_LINES).map(bulletOf)];
  if (typeof value !== 'object') return [key === '' ? String(value) : `${key}: ${String(value)}`];
  return Object.entries(value).flatMap(([name, each]) => linesOf(wordsOfName(name).join(' '), each, depth + 1));
}

const bulletOf = (value: unknown): string => `- ${linesOf('', value, 1).join(', ')}`;
