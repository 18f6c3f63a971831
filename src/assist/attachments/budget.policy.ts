import { countCharacters } from '../graph/text.policy.js';

/** Characters (Unicode code points) of one file, and of all files together, that a draft uses. */
export const FILE_CHARACTERS = 5_000;
export const TOTAL_CHARACTERS = 50_000;

export interface Cut {
  readonly text: string;
  /** Characters in `text`. */
  readonly used: number;
  /** Characters there were. */
  readonly total: number;
}

/** The first `limit` characters of a text. */
export function cutCharacters(text: string, limit: number): Cut {
  const total = countCharacters(text);
  if (total <= limit) return { text, used: total, total };
  return {
    text: Array.from(text.slice(0, limit * 2))
      .slice(0, limit)
      .join(''),
    used: limit,
    total,
  };
}

/** As many whole lines as fit: figures are never cut in half. */
export function cutLines(text: string, limit: number): Cut {
  const total = countCharacters(text);
  if (total <= limit) return { text, used: total, total };
  const kept = cutCharacters(text, limit).text;
  const whole = kept.slice(0, kept.lastIndexOf('\n') + 1).trimEnd();
  return { text: whole, used: countCharacters(whole), total };
}
