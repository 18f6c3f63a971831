import type { z } from 'zod';
import { chapters, SECRET_VARIABLES } from '#src/kernel/config/environment.schema.js';

const WIDTH = 116;
const secrets: ReadonlySet<string> = new Set(SECRET_VARIABLES);

/** `config/env.example`: every variable once, with its default. */
export function envExample(): string {
  const parts = Object.entries(chapters).map(([chapter, variables]) =>
    [`# --- ${chapter} ---`, ...Object.entries(variables).map(([name, schema]) => entry(name, schema))].join('\n\n'),
  );
  const head =
    '# Generated from src/kernel/config by `npm run docs:sync`; a test compares. Values shown are the defaults.';
  return `${[head, ...parts].join('\n\n')}\n`;
}

function entry(name: string, schema: z.ZodType): string {
  const file = secrets.has(name) ? ` Also as ${name}_FILE.` : '';
  return `${comment(`${schema.description ?? ''}.${file}`)}\n# ${name}=${defaultOf(schema)}`;
}

function defaultOf(schema: z.ZodType): string {
  const { def } = schema;
  const value: unknown = 'defaultValue' in def ? def.defaultValue : '';
  return Array.isArray(value) ? value.join(',') : String(value);
}

function comment(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length + 1 > WIDTH) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}
