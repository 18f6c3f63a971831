import { clip } from './clip.policy.js';

/** Words on one line, as they are written. */
export const flat = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** Words in quotation marks, at most `max` of their characters. */
export const quoted = (text: string, max: number): string => `“${clip(flat(text), max)}”`;

/** {@link quoted}, with "…" where something was cut off. */
export function excerpt(text: string, max: number): string {
  const whole = flat(text);
  return whole.length <= max ? `“${whole}”` : `“${clip(whole, max - 1)}…”`;
}

/** `a`, `b` and `c`. */
export function listed(items: readonly string[], joiner: 'and' | 'or'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${joiner} ${items.at(-1)}`;
}
