/** In order of preference when a sample fits several: in a semicolon file commas are decimals, hardly ever the reverse. */
const CANDIDATES = ['\t', ';', '|', ','] as const;
const SAMPLE_LINES = 50;
const SAMPLE_UNITS = 65_536;

/** What Excel writes above a table, and hides when it opens one: the delimiter, and nothing of the table. */
const DECLARED = /^\ufeff?"?sep=([^"\r\n])"?(?:\r\n?|\n|$)/i;

/** Where a table begins in a text, and what separates its fields. */
export interface Layout {
  readonly delimiter: string;
  readonly start: number;
}

/** The delimiter a text declares, or the one its lines agree on. */
export function layoutOf(text: string): Layout {
  const declared = DECLARED.exec(text);
  const delimiter = declared?.[1];
  if (declared === null || delimiter === undefined) return { delimiter: detectDelimiter(text), start: 0 };
  return { delimiter, start: declared[0].length };
}

/** The delimiter that cuts most lines of the beginning into the same number of fields; a comma when none cuts any. */
export function detectDelimiter(text: string): string {
  const lines = sampleLines(text);
  const scored = CANDIDATES.map((delimiter) => ({ delimiter, share: agreement(lines, delimiter) }));
  return scored.reduce((best, next) => (next.share > best.share ? next : best), { delimiter: ',', share: 0 }).delimiter;
}

/** Lines with everything inside quotes taken out. */
function sampleLines(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  let quoted = false;
  for (const character of text.slice(0, SAMPLE_UNITS)) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) {
      if (line !== '') lines.push(line);
      if (lines.length === SAMPLE_LINES) return lines;
      line = '';
    } else if (!quoted) line += character;
  }
  return line === '' ? lines : [...lines, line];
}

/** Share of the lines that hold the most frequent number, above zero, of this delimiter. */
function agreement(lines: readonly string[], delimiter: string): number {
  const counts = new Map<number, number>();
  for (const line of lines) {
    const fields = line.split(delimiter).length;
    if (fields > 1) counts.set(fields, (counts.get(fields) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) / Math.max(1, lines.length);
}
